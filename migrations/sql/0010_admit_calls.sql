-- Admits model calls: answers from the cache, or reserves budget, a slot and the rate of their deployment, in one
-- round trip. `calls` is an array; each element gets one row back:
--   hit    the cached answer, free of charge        go     reserved: send after `wait_seconds`
--   wait   nothing reserved: ask again then         open   the deployment's breaker is open for `wait_seconds`
--   short  a budget lacks `short_usd` (`detail` names it)   lost   the lease of its job is gone
--   paused its root job is paused
-- A job's own cap is read from its root, for it can be raised while workers run that know the old one.
-- Lock order, here and in settle_calls: deployments by name, budgets by scope, jobs by id.
CREATE OR REPLACE FUNCTION admit_calls(calls jsonb, at timestamptz DEFAULT NULL)
RETURNS TABLE (call_id uuid, verdict text, wait_seconds double precision, short_usd numeric, detail text, answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    moment      timestamptz;
    call        record;
    host        llm_deployments;
    stored      jsonb;
    in_flight   bigint;
    interval_r  double precision;
    interval_t  double precision;
    starts      timestamptz;
    lacking     record;
    root        record;
    known       record;
BEGIN
    INSERT INTO llm_deployments (name)
    SELECT DISTINCT item ->> 'deployment' FROM jsonb_array_elements(calls) item
    ON CONFLICT DO NOTHING;
    PERFORM FROM llm_deployments deployment
    WHERE deployment.name IN (SELECT item ->> 'deployment' FROM jsonb_array_elements(calls) item)
    ORDER BY deployment.name FOR UPDATE;
    INSERT INTO llm_budgets (scope)
    SELECT DISTINCT scope FROM jsonb_array_elements(calls) item, jsonb_object_keys(item -> 'caps') scope
    ON CONFLICT DO NOTHING;
    moment := coalesce(at, clock_timestamp());
    PERFORM FROM llm_budgets budget
    WHERE budget.scope IN (
        SELECT scope FROM jsonb_array_elements(calls) item, jsonb_object_keys(item -> 'caps') scope
        UNION
        SELECT unnest(log.scopes) FROM ai_content_logs log
        WHERE log.status = 'reserved'
          AND (log.deployment IN (SELECT item ->> 'deployment' FROM jsonb_array_elements(calls) item)
               OR log.scopes::text[] && ARRAY(SELECT scope FROM jsonb_array_elements(calls) item, jsonb_object_keys(item -> 'caps') scope))
          AND (log.expires_at <= moment
               OR log.job_id IN (SELECT (item ->> 'job_id')::uuid FROM jsonb_array_elements(calls) item)))
    ORDER BY budget.scope FOR UPDATE;

    -- A reservation ends unsettled when its process died: it has expired, or its job has been claimed anew since.
    WITH gone AS (
        UPDATE ai_content_logs log
        SET status = 'expired', uncertain_usd = log.reserved_usd
        WHERE log.status = 'reserved'
          AND (log.deployment IN (SELECT item ->> 'deployment' FROM jsonb_array_elements(calls) item)
               OR log.scopes::text[] && ARRAY(SELECT scope FROM jsonb_array_elements(calls) item, jsonb_object_keys(item -> 'caps') scope))
          AND (log.expires_at <= moment
               OR EXISTS (SELECT FROM jsonb_array_elements(calls) item
                          WHERE (item ->> 'job_id')::uuid = log.job_id
                            AND (item ->> 'fencing_token')::bigint > log.fencing_token))
        RETURNING log.scopes, log.reserved_usd
    ), freed AS (
        SELECT scope, sum(gone.reserved_usd) AS usd FROM gone, unnest(gone.scopes) scope GROUP BY scope
    )
    UPDATE llm_budgets budget SET reserved_usd = budget.reserved_usd - freed.usd
    FROM freed WHERE freed.scope = budget.scope;

    -- An answer whose process died before it was stored is lost once its job is claimed anew.
    UPDATE ai_content_logs log
    SET status = 'discarded',
        metadata = coalesce(log.metadata, '{}') || '{"reason": "Its worker vanished before it was stored."}'
    FROM jsonb_array_elements(calls) item
    WHERE log.job_id = (item ->> 'job_id')::uuid
      AND log.fencing_token < (item ->> 'fencing_token')::bigint
      AND log.status = 'answered';

    FOR call IN
        SELECT * FROM jsonb_to_recordset(calls) AS item(
            id uuid, deployment text, purpose text, cache_key text, content_type text, content_ref text,
            root_job_id uuid, job_id uuid, fencing_token bigint, request_no int, attempt int,
            prompt_id text, prompt_version int, tokens int, worst_usd numeric, caps jsonb,
            expires_seconds double precision, requests_per_minute int, tokens_per_minute int, most_in_flight int,
            patience double precision)
    LOOP
        call_id := call.id; verdict := 'go'; wait_seconds := 0; short_usd := NULL; detail := NULL; answer := NULL;
        SELECT * INTO host FROM llm_deployments WHERE name = call.deployment;

        IF call.fencing_token IS NOT NULL AND NOT EXISTS (
            SELECT FROM hydration_jobs job
            WHERE job.id = call.job_id AND job.fencing_token = call.fencing_token AND job.status = 'running'
        ) THEN
            verdict := 'lost';
            RETURN NEXT; CONTINUE;
        END IF;

        SELECT job.status, job.error_message, job.max_cost_usd INTO root
        FROM hydration_jobs job WHERE job.id = call.root_job_id;
        IF root.status = 'paused' THEN
            verdict := 'paused'; detail := root.error_message;
            RETURN NEXT; CONTINUE;
        END IF;
        IF FOUND AND call.caps ? ('job:' || call.root_job_id) THEN
            call.caps := jsonb_set(
                call.caps, ARRAY['job:' || call.root_job_id], coalesce(to_jsonb(root.max_cost_usd), 'null'));
        END IF;

        IF call.cache_key IS NOT NULL THEN
            UPDATE content_cache cache
            SET hit_count = cache.hit_count + 1, last_accessed_at = moment
            WHERE cache.cache_key = call.cache_key AND (cache.expires_at IS NULL OR cache.expires_at > moment)
            RETURNING cache.cached_content INTO stored;
            IF FOUND THEN
                INSERT INTO ai_content_logs (
                    id, root_job_id, job_id, fencing_token, request_no, attempt, deployment, purpose, content_type,
                    content_ref, status, cached, cost_usd, prompt_tokens, completion_tokens, tokens_used, latency_ms,
                    model_used, prompt_id, prompt_version, scopes, created_at, settled_at)
                VALUES (
                    call.id, call.root_job_id, call.job_id, call.fencing_token, call.request_no, call.attempt,
                    call.deployment, call.purpose, call.content_type::content_type, call.content_ref, 'answered', true,
                    0, 0, 0, 0, 0, stored ->> 'model', call.prompt_id, call.prompt_version, '{}', moment, moment)
                ON CONFLICT DO NOTHING;
                verdict := 'hit'; answer := stored;
                RETURN NEXT; CONTINUE;
            END IF;
        END IF;

        SELECT log.status INTO known FROM ai_content_logs log WHERE log.id = call.id;
        IF FOUND THEN
            IF known.status <> 'reserved' THEN  -- it has ended: its job is to ask anew, under another id
                verdict := 'wait'; wait_seconds := 0.1; detail := 'this very call has ended';
            END IF;
            RETURN NEXT; CONTINUE;  -- reserved: the answer to this very admission got lost
        END IF;

        IF host.open_until > moment THEN
            verdict := 'open'; detail := host.last_error;
            wait_seconds := extract(epoch FROM host.open_until - moment);
            RETURN NEXT; CONTINUE;
        END IF;

        SELECT scope, (spent_usd + call.worst_usd - cap) AS short INTO lacking
        FROM llm_budgets JOIN jsonb_each_text(call.caps) AS limits(name, cap_text) ON name = scope,
             LATERAL (SELECT cap_text::numeric AS cap) AS parsed
        WHERE spent_usd + call.worst_usd > cap
        ORDER BY short DESC LIMIT 1;
        IF FOUND THEN
            verdict := 'short'; short_usd := lacking.short; detail := lacking.scope;
            RETURN NEXT; CONTINUE;
        END IF;
        IF EXISTS (
            SELECT FROM llm_budgets JOIN jsonb_each_text(call.caps) AS limits(name, cap_text) ON name = scope
            WHERE spent_usd + reserved_usd + call.worst_usd > cap_text::numeric
        ) THEN
            verdict := 'wait'; wait_seconds := 0.3; detail := 'reservations fill the budget';
            RETURN NEXT; CONTINUE;
        END IF;

        IF host.blocked_until > moment THEN
            verdict := 'wait'; detail := 'the server asked for a pause';
            wait_seconds := extract(epoch FROM host.blocked_until - moment);
            RETURN NEXT; CONTINUE;
        END IF;
        SELECT count(*) INTO in_flight FROM ai_content_logs log
        WHERE log.deployment = call.deployment AND log.status = 'reserved';
        IF in_flight >= least(coalesce(host.concurrency, call.most_in_flight), call.most_in_flight) THEN
            verdict := 'wait'; wait_seconds := 0.1; detail := 'as many calls are in flight as the server takes';
            RETURN NEXT; CONTINUE;
        END IF;

        -- Rates keep a tenth below the limit, with bursts of a twentieth: a clock that is not ours counts.
        starts := moment;
        IF call.requests_per_minute IS NOT NULL THEN
            interval_r := 60 / (0.9 * call.requests_per_minute);
            starts := greatest(starts, host.requests_booked_until - make_interval(
                secs => interval_r * greatest(0, floor(0.05 * call.requests_per_minute) - 1)));
        END IF;
        IF call.tokens_per_minute IS NOT NULL THEN
            interval_t := 60 / (0.9 * call.tokens_per_minute);
            starts := greatest(starts, host.tokens_booked_until - make_interval(
                secs => interval_t * 0.05 * call.tokens_per_minute));
        END IF;
        wait_seconds := extract(epoch FROM starts - moment);
        IF wait_seconds > call.patience THEN
            verdict := 'wait'; detail := 'the rate limit of the deployment';
            RETURN NEXT; CONTINUE;
        END IF;

        UPDATE llm_deployments SET
            requests_booked_until = CASE WHEN call.requests_per_minute IS NULL THEN requests_booked_until ELSE
                greatest(starts, requests_booked_until) + make_interval(secs => interval_r) END,
            tokens_booked_until = CASE WHEN call.tokens_per_minute IS NULL THEN tokens_booked_until ELSE
                greatest(starts, tokens_booked_until) + make_interval(secs => interval_t * call.tokens) END,
            tokens_per_minute = call.tokens_per_minute,
            most_in_flight = call.most_in_flight,
            updated_at = moment
        WHERE name = call.deployment;
        UPDATE llm_budgets SET reserved_usd = reserved_usd + call.worst_usd, updated_at = moment
        WHERE scope IN (SELECT jsonb_object_keys(call.caps));
        INSERT INTO ai_content_logs (
            id, root_job_id, job_id, fencing_token, request_no, attempt, deployment, purpose, content_type, content_ref,
            status, cached, reserved_usd, reserved_tokens, expires_at, prompt_id, prompt_version, scopes, created_at)
        VALUES (
            call.id, call.root_job_id, call.job_id, call.fencing_token, call.request_no, call.attempt, call.deployment,
            call.purpose, call.content_type::content_type, call.content_ref, 'reserved', false, call.worst_usd,
            call.tokens, moment + make_interval(secs => call.expires_seconds), call.prompt_id, call.prompt_version,
            ARRAY(SELECT jsonb_object_keys(call.caps) ORDER BY 1), moment);
        RETURN NEXT;
    END LOOP;
END
$$
