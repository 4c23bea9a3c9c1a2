-- Settles admitted calls: books what each really cost, frees its reservation, keeps a paid answer, and tells the
-- deployment how it went. A call that is settled already is left as it is. Rows: the ids settled now.
CREATE FUNCTION settle_calls(settlements jsonb, at timestamptz DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    moment  timestamptz;
    done    record;
    log     ai_content_logs;
    refund  double precision;
BEGIN
    PERFORM FROM llm_deployments deployment
    WHERE deployment.name IN (
        SELECT called.deployment FROM ai_content_logs called
        WHERE called.id IN (SELECT (item ->> 'id')::uuid FROM jsonb_array_elements(settlements) item))
    ORDER BY deployment.name FOR UPDATE;
    PERFORM FROM llm_budgets budget
    WHERE budget.scope IN (
        SELECT unnest(called.scopes) FROM ai_content_logs called
        WHERE called.id IN (SELECT (item ->> 'id')::uuid FROM jsonb_array_elements(settlements) item))
    ORDER BY budget.scope FOR UPDATE;
    moment := coalesce(at, clock_timestamp());

    FOR done IN
        SELECT item.* FROM jsonb_to_recordset(settlements) AS item(
            id uuid, outcome text, cost_usd numeric, uncertain boolean, prompt_tokens int, completion_tokens int,
            cached_tokens int, latency_ms int, model_used text, details jsonb, retry_after double precision,
            cache_key text, answer jsonb, cache_seconds double precision, breaker_failures int,
            breaker_seconds double precision)
        JOIN ai_content_logs called ON called.id = item.id
        ORDER BY called.job_id, called.id
    LOOP
        SELECT * INTO log FROM ai_content_logs called WHERE called.id = done.id FOR UPDATE;
        CONTINUE WHEN log.settled_at IS NOT NULL;
        UPDATE ai_content_logs SET
            status            = CASE done.outcome WHEN 'answered' THEN 'answered' WHEN 'aborted' THEN 'discarded'
                                                  ELSE 'error' END,
            outcome           = done.outcome,
            cost_usd          = done.cost_usd,
            uncertain_usd     = CASE WHEN done.uncertain THEN log.reserved_usd ELSE 0 END,
            prompt_tokens     = done.prompt_tokens,
            completion_tokens = done.completion_tokens,
            cached_tokens     = done.cached_tokens,
            tokens_used       = done.prompt_tokens + done.completion_tokens,
            latency_ms        = done.latency_ms,
            model_used        = done.model_used,
            metadata          = done.details,
            settled_at        = moment
        WHERE id = done.id;
        UPDATE llm_budgets SET
            spent_usd    = spent_usd + done.cost_usd,
            reserved_usd = reserved_usd - CASE WHEN log.status = 'reserved' THEN log.reserved_usd ELSE 0 END,
            updated_at   = moment
        WHERE scope = ANY (log.scopes);
        IF done.cost_usd > 0 THEN
            UPDATE hydration_jobs SET actual_cost_usd = actual_cost_usd + done.cost_usd WHERE id = log.job_id;
            -- A root that has ended has fixed its cost already.
            UPDATE hydration_jobs SET actual_cost_usd = actual_cost_usd + done.cost_usd
            WHERE id = log.root_job_id AND status IN ('completed', 'failed', 'cancelled');
        END IF;
        IF done.cache_key IS NOT NULL AND done.answer IS NOT NULL THEN
            INSERT INTO content_cache (id, cache_key, content_type, cached_content, expires_at, created_at)
            VALUES (gen_random_uuid(), done.cache_key, log.content_type, done.answer,
                    moment + make_interval(secs => done.cache_seconds), moment)
            ON CONFLICT (cache_key) DO UPDATE
            SET cached_content = excluded.cached_content, expires_at = excluded.expires_at;
        END IF;
        PERFORM tell_deployment(log, done.outcome, done.retry_after, done.details ->> 'error', done.breaker_failures,
                                done.breaker_seconds, done.prompt_tokens + done.completion_tokens, moment);
        RETURN NEXT done.id;
    END LOOP;
END
$$
