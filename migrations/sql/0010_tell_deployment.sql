-- What one call's end teaches about its deployment. Concurrency grows by one an answer up to the last threshold,
-- from there by one a round of answers, and is halved by a 429, once for all calls that were in flight together.
-- Failures of the server in a row open the breaker, each time for twice as long, up to an hour; calls that were in
-- flight when it opened fail late and prolong nothing. A server that says when to come back is taken at its word.
CREATE OR REPLACE FUNCTION tell_deployment(
    log ai_content_logs, outcome text, retry_after double precision, error text, breaker_failures int,
    breaker_seconds double precision, tokens int, moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    IF outcome = 'rate_limited' THEN
        UPDATE llm_deployments d SET
            threshold     = CASE WHEN log.created_at > coalesce(d.decreased_at, '-infinity')
                                 THEN greatest(1, coalesce(d.concurrency, d.most_in_flight) / 2) ELSE d.threshold END,
            concurrency   = CASE WHEN log.created_at > coalesce(d.decreased_at, '-infinity')
                                 THEN greatest(1, coalesce(d.concurrency, d.most_in_flight) / 2) ELSE d.concurrency END,
            decreased_at  = CASE WHEN log.created_at > coalesce(d.decreased_at, '-infinity')
                                 THEN moment ELSE d.decreased_at END,
            blocked_until = greatest(d.blocked_until, moment + make_interval(secs => coalesce(retry_after, 1)))
        WHERE d.name = log.deployment;
    ELSIF outcome IN ('overloaded', 'timeout', 'connection') THEN
        UPDATE llm_deployments d SET
            failures   = d.failures + 1,
            last_error = error,
            open_until = CASE WHEN d.failures + 1 >= breaker_failures AND coalesce(d.open_until, '-infinity') <= moment
                THEN moment + make_interval(secs => least(3600, breaker_seconds * power(2, least(10, d.openings))))
                ELSE d.open_until END,
            blocked_until = CASE WHEN retry_after IS NULL THEN d.blocked_until
                ELSE greatest(d.blocked_until, moment + make_interval(secs => retry_after)) END,
            openings   = CASE WHEN d.failures + 1 >= breaker_failures AND coalesce(d.open_until, '-infinity') <= moment
                              THEN d.openings + 1 ELSE d.openings END,
            concurrency = CASE WHEN d.failures + 1 >= breaker_failures THEN 1 ELSE d.concurrency END
        WHERE d.name = log.deployment;
    ELSIF outcome <> 'aborted' THEN
        UPDATE llm_deployments d SET
            failures    = 0,
            openings    = 0,
            concurrency = CASE WHEN d.concurrency IS NULL THEN NULL
                               ELSE least(d.most_in_flight, d.concurrency
                                    + CASE WHEN d.concurrency < coalesce(d.threshold, d.most_in_flight) THEN 1
                                           ELSE 1 / d.concurrency END) END,
            tokens_booked_until = CASE WHEN d.tokens_per_minute IS NULL THEN d.tokens_booked_until ELSE
                d.tokens_booked_until - make_interval(
                    secs => 60 / (0.9 * d.tokens_per_minute) * greatest(0, log.reserved_tokens - coalesce(tokens, 0))) END
        WHERE d.name = log.deployment;
    END IF;
END
$$
