-- Which of these files were taken, and when.
CREATE TABLE public.read_models_schema (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- How far the read models have followed the ledger: one row, changed in the transaction that changes them.
CREATE TABLE public.read_models_progress (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    position bigint NOT NULL
);
INSERT INTO public.read_models_progress (position) VALUES (0);

-- The transparency log of each consortium: RFC 6962 over the stored bytes, in the tiles of C2SP tlog-tiles.
CREATE SCHEMA transparency;

CREATE TABLE transparency.trees (
    consortium_id text COLLATE "C" PRIMARY KEY,
    size bigint NOT NULL CHECK (size > 0)
);

CREATE TABLE transparency.tiles (
    consortium_id text COLLATE "C" NOT NULL,
    level smallint NOT NULL,
    tile_index bigint NOT NULL,
    hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (consortium_id, level, tile_index)
);

-- Every checkpoint ever published, for ever.
CREATE TABLE transparency.checkpoints (
    consortium_id text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    note bytea NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium_id, size)
);

-- A tile only ever grows at its end; a tree only ever grows.
CREATE FUNCTION transparency.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'tiles' THEN
        IF substring(NEW.hashes FOR length(OLD.hashes)) IS DISTINCT FROM OLD.hashes THEN
            RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NEW.size < OLD.size THEN
        RAISE EXCEPTION 'a tree only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION transparency.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON transparency.tiles
    FOR EACH ROW EXECUTE FUNCTION transparency.refuse_shrinking();
CREATE TRIGGER trees_only_grow BEFORE UPDATE ON transparency.trees
    FOR EACH ROW EXECUTE FUNCTION transparency.refuse_shrinking();
CREATE TRIGGER checkpoints_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION transparency.refuse_change();
ALTER TABLE transparency.checkpoints ENABLE ALWAYS TRIGGER checkpoints_never_change;
