-- Which steps were taken is history too.
CREATE TRIGGER ledger_schema_never_changes
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_schema
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_events_refuse_change();
ALTER TABLE public.ledger_schema ENABLE ALWAYS TRIGGER ledger_schema_never_changes;
