-- Rows: one a deployment, the last used first: what it takes, what it does now, and what it waits for.
SELECT deployment.name,
       coalesce(deployment.concurrency, deployment.most_in_flight)           AS concurrency,
       deployment.most_in_flight,
       (SELECT count(*) FROM ai_content_logs log
        WHERE log.deployment = deployment.name AND log.status = 'reserved'
          AND log.expires_at > clock_timestamp())                            AS in_flight,
       CASE WHEN deployment.blocked_until > clock_timestamp() THEN deployment.blocked_until END AS blocked_until,
       CASE WHEN deployment.open_until > clock_timestamp() THEN deployment.open_until END       AS open_until,
       deployment.failures,
       deployment.last_error,
       greatest(0, extract(epoch FROM deployment.requests_booked_until - clock_timestamp())) AS requests_booked_seconds,
       greatest(0, extract(epoch FROM deployment.tokens_booked_until - clock_timestamp()))   AS tokens_booked_seconds,
       deployment.updated_at
FROM llm_deployments deployment
ORDER BY deployment.updated_at DESC, deployment.name
