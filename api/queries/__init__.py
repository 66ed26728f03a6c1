"""Questions over HTTP: every table for both clocks, as JSON, CSV or a spreadsheet, and what differs between points.

GET /consortia/{consortium_id}/members?valid_on=2019-06-30&known_at=2019-07-01T12:00:00Z&size=small
GET /consortia/{consortium_id}/members.csv?…          .xlsx; or by `Accept`
GET /consortia/{consortium_id}/as-of/compare?…
"""
