-- What each login may do with what is made of the ledger. Everything is taken back first, as in the ledger's own grants.
REVOKE ALL ON public.read_models_schema, public.read_models_progress FROM PUBLIC, {service}, {reader};
REVOKE ALL ON ALL TABLES IN SCHEMA transparency FROM PUBLIC, {service}, {reader};

-- How far the read models have come: only the number changes, in its one row.
GRANT SELECT ON public.read_models_schema, public.read_models_progress TO {service};
GRANT UPDATE (position) ON public.read_models_progress TO {service};

-- Published evidence is added to, and never taken away; trees and tiles grow, watched by their triggers.
GRANT USAGE ON SCHEMA transparency TO {service};
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA transparency TO {service};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA transparency TO {service};
GRANT UPDATE (size) ON transparency.trees TO {service};
GRANT UPDATE (hashes) ON transparency.tiles TO {service};

-- Answers, worked out again from the ledger at will: the service makes and replaces their tables, which must be its own.
-- Those that this owner made are dropped; the service makes its own when it starts.
DO $$
DECLARE made name;
BEGIN
    FOR made IN
        SELECT nspname FROM pg_namespace WHERE nspname IN ('read', 'read_next') AND nspowner = current_user::regrole
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', made);
    END LOOP;
END $$;

-- The reader looks at the views that are meant for it. Those that the service makes it gives to whoever may look into
-- their schema, which is this owner's unless the service was there before it.
CREATE SCHEMA IF NOT EXISTS reports;
DO $$
BEGIN
    REVOKE ALL ON SCHEMA reports FROM PUBLIC, {service}, {reader};
    GRANT USAGE, CREATE ON SCHEMA reports TO {service};
    GRANT USAGE ON SCHEMA reports TO {reader};
EXCEPTION WHEN insufficient_privilege THEN
    -- The schema is the service's own, and this owner is no superuser.
    NULL;
END $$;
DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA reports TO {reader};
EXCEPTION WHEN insufficient_privilege THEN
    -- Views are the service's own, and this owner is no superuser: the service gives them.
    NULL;
END $$;
