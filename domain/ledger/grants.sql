-- What each login may do with the ledger. Everything is taken back first, so that nothing outlives its reason.
REVOKE ALL ON public.ledger_schema, public.ledger_events FROM PUBLIC, {service}, {reader};
REVOKE ALL ON SEQUENCE public.ledger_events_notification_id_seq FROM PUBLIC, {service}, {reader};
REVOKE ALL ON FUNCTION public.ledger_events_append(text[], bigint[], text[], bytea[]) FROM PUBLIC, {service}, {reader};

GRANT USAGE ON SCHEMA public TO {service};
GRANT SELECT ON public.ledger_schema, public.ledger_events TO {service};
-- Not the position: nobody chooses that. USAGE of its sequence takes the next one and cannot set it.
GRANT INSERT (originator_id, originator_version, topic, state) ON public.ledger_events TO {service};
GRANT USAGE ON SEQUENCE public.ledger_events_notification_id_seq TO {service};
GRANT EXECUTE ON FUNCTION public.ledger_events_append(text[], bigint[], text[], bytea[]) TO {service};
