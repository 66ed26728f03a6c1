-- Which of these files were taken, and when.
CREATE TABLE public.ledger_schema (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- The events of all consortia, in the shape that the library reads: one row an entry, one stream a consortium.
CREATE TABLE public.ledger_events (
    originator_id text COLLATE "C" NOT NULL,  -- the consortium
    originator_version bigint NOT NULL,       -- within it from 1, without a gap
    topic text NOT NULL,                      -- the fact's name on disk
    state bytea NOT NULL,                     -- the canonical bytes of the entry
    notification_id bigserial NOT NULL,       -- the position; has gaps
    PRIMARY KEY (originator_id, originator_version)
);

CREATE UNIQUE INDEX ledger_events_notification_id_idx ON public.ledger_events (notification_id);

-- The only way in. All who append stand in one line until their commit, so that the order of positions is the order of
-- commits and who reads on from a position misses nothing. The lock's key is the number of the table. It is no lock on
-- the table, which would make every append wait for VACUUM and ANALYZE.
CREATE FUNCTION public.ledger_events_append(ids text[], versions bigint[], topics text[], states bytea[])
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL lock_timeout = '2s';
    PERFORM pg_advisory_xact_lock('public.ledger_events'::regclass::bigint);
    NOTIFY ledger_events;
    RETURN QUERY
        INSERT INTO public.ledger_events AS entry (originator_id, originator_version, topic, state)
        SELECT * FROM unnest(ids, versions, topics, states)
        RETURNING entry.notification_id;
END $$;

CREATE FUNCTION public.ledger_events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never changed: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_events_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_events
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_events_refuse_change();

-- Also in a session that says it only replicates.
ALTER TABLE public.ledger_events ENABLE ALWAYS TRIGGER ledger_events_never_change;
