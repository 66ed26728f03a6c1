"""Commands over HTTP: one address each under its noun, and one for many at once.

POST /consortia/{consortium_id}/resolutions/{draft_id}/vote
Idempotency-Key: 5c4f…            the command's id: given again, the first answer comes back
If-Match: "357"                   optional: decided only if nothing was recorded since

{"effective_on": "2019-03-01", "under": null, "data": {…}}
"""
