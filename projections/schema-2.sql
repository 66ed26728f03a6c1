-- The tables of the second version of the read models.

-- What may only grow keeps its place and is never taken away, also in a session that says it only replicates.
CREATE OR REPLACE FUNCTION transparency.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.consortium_id IS DISTINCT FROM OLD.consortium_id THEN
        RAISE EXCEPTION 'a log keeps its name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_TABLE_NAME = 'tiles' THEN
        IF (NEW.level, NEW.tile_index) IS DISTINCT FROM (OLD.level, OLD.tile_index) THEN
            RAISE EXCEPTION 'a tile keeps its place' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF substring(NEW.hashes FOR length(OLD.hashes)) IS DISTINCT FROM OLD.hashes THEN
            RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NEW.size < OLD.size THEN
        RAISE EXCEPTION 'a tree only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER tiles_never_vanish BEFORE DELETE OR TRUNCATE ON transparency.tiles
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
CREATE TRIGGER trees_never_vanish BEFORE DELETE OR TRUNCATE ON transparency.trees
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
CREATE TRIGGER progress_never_vanishes BEFORE DELETE OR TRUNCATE ON public.read_models_progress
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
CREATE TRIGGER read_models_schema_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON public.read_models_schema
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
ALTER TABLE transparency.tiles ENABLE ALWAYS TRIGGER tiles_only_grow, ENABLE ALWAYS TRIGGER tiles_never_vanish;
ALTER TABLE transparency.trees ENABLE ALWAYS TRIGGER trees_only_grow, ENABLE ALWAYS TRIGGER trees_never_vanish;
ALTER TABLE public.read_models_progress ENABLE ALWAYS TRIGGER progress_never_vanishes;
ALTER TABLE public.read_models_schema ENABLE ALWAYS TRIGGER read_models_schema_never_changes;

-- Checkpoints of a log are numbered in the order of publishing, without a gap, so that a missing one is missed.
ALTER TABLE transparency.checkpoints ADD COLUMN number bigint;
ALTER TABLE transparency.checkpoints DISABLE TRIGGER checkpoints_never_change;
UPDATE transparency.checkpoints AS published SET number = counted.number FROM (
    SELECT consortium_id, size, row_number() OVER (PARTITION BY consortium_id ORDER BY size) AS number
    FROM transparency.checkpoints
) AS counted WHERE (published.consortium_id, published.size) = (counted.consortium_id, counted.size);
ALTER TABLE transparency.checkpoints ENABLE ALWAYS TRIGGER checkpoints_never_change,
    ALTER COLUMN number SET NOT NULL, ADD UNIQUE (consortium_id, number);

CREATE FUNCTION transparency.number_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number
        FROM transparency.checkpoints WHERE consortium_id = NEW.consortium_id;
    RETURN NEW;
END $$;
CREATE TRIGGER checkpoints_are_numbered BEFORE INSERT ON transparency.checkpoints
    FOR EACH ROW EXECUTE FUNCTION transparency.number_checkpoint();
ALTER TABLE transparency.checkpoints ENABLE ALWAYS TRIGGER checkpoints_are_numbered;

-- Where the entry of an event lies in the log of its consortium, counted from 0, and the position that it was read at.
CREATE TABLE transparency.event_places (
    consortium_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    entry_index bigint NOT NULL CHECK (entry_index >= 0),
    position bigint NOT NULL,
    PRIMARY KEY (consortium_id, event_id)
);

-- What was integrated before this table was there. Bytes that are no entry are passed over: others find them.
INSERT INTO transparency.event_places (consortium_id, event_id, entry_index, position)
SELECT originator_id, found.event[1], originator_version - 1, notification_id
FROM public.ledger_events,
    LATERAL (
        SELECT regexp_match(encode(state, 'escape'), '.*"event_id":"([A-Za-z0-9][A-Za-z0-9._:/-]{0,63})"') AS event
    ) AS found
WHERE found.event IS NOT NULL
    AND notification_id <= (SELECT position FROM public.read_models_progress)
ORDER BY originator_id, originator_version
ON CONFLICT DO NOTHING;

-- Whoever waits for a receipt hears of each checkpoint once it is committed.
CREATE FUNCTION transparency.tell_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('published_checkpoints', NEW.consortium_id);
    RETURN NULL;
END $$;

CREATE TRIGGER checkpoints_are_told AFTER INSERT ON transparency.checkpoints
    FOR EACH ROW EXECUTE FUNCTION transparency.tell_published();

-- Which keys signed a log, in the order in which they came to sign; what `vkeys` shows.
CREATE TABLE transparency.log_keys (
    consortium_id text COLLATE "C" NOT NULL,
    vkey text NOT NULL,
    first_size bigint NOT NULL CHECK (first_size >= 0),
    place bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (consortium_id, vkey)
);

-- The log of logs: a leaf is a signed checkpoint of another log. Its tiles, its tree and its checkpoints stand with
-- those of the consortia, under the id `log_of_logs`, which no consortium can have.
CREATE TABLE transparency.log_of_logs (
    leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
    consortium_id text COLLATE "C" NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    note bytea NOT NULL CHECK (length(note) <= 65535),
    logged_at timestamptz NOT NULL
);
CREATE INDEX log_of_logs_consortium_idx ON transparency.log_of_logs (consortium_id, leaf_index);

CREATE TRIGGER log_keys_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.log_keys
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
CREATE TRIGGER log_of_logs_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.log_of_logs
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
ALTER TABLE transparency.log_keys ENABLE ALWAYS TRIGGER log_keys_never_change;
ALTER TABLE transparency.log_of_logs ENABLE ALWAYS TRIGGER log_of_logs_never_changes;

-- A place of an event never changes either, and every trigger fires also in a session that says it only replicates.
CREATE TRIGGER event_places_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.event_places
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
ALTER TABLE transparency.event_places ENABLE ALWAYS TRIGGER event_places_never_change;
ALTER TABLE transparency.checkpoints ENABLE ALWAYS TRIGGER checkpoints_are_told;

-- What witnesses have said of checkpoints: the line that is served behind the log's own signature. Each witness is
-- named by its verifier key, and says it once of a checkpoint. Those of a log are numbered in the order in which they
-- came, without a gap, so that a missing one is missed.
CREATE TABLE transparency.cosignatures (
    consortium_id text COLLATE "C" NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    witness text COLLATE "C" NOT NULL,
    line text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    number bigint NOT NULL,
    PRIMARY KEY (consortium_id, size, witness),
    UNIQUE (consortium_id, number)
);
CREATE INDEX cosignatures_of_witness_idx ON transparency.cosignatures (witness, consortium_id, size);

CREATE TRIGGER cosignatures_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();

-- Witnesses answer at the same time: of one log, they are let in one after the other.
CREATE FUNCTION transparency.number_cosignature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('transparency.cosignatures'), hashtext(NEW.consortium_id));
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number
        FROM transparency.cosignatures WHERE consortium_id = NEW.consortium_id;
    RETURN NEW;
END $$;
CREATE TRIGGER cosignatures_are_numbered BEFORE INSERT ON transparency.cosignatures
    FOR EACH ROW EXECUTE FUNCTION transparency.number_cosignature();
ALTER TABLE transparency.cosignatures
    ENABLE ALWAYS TRIGGER cosignatures_never_change, ENABLE ALWAYS TRIGGER cosignatures_are_numbered;
