-- Rows: one; what the cache holds that is still given, and how often it was.
SELECT count(*) FILTER (WHERE expires_at IS NULL OR expires_at > clock_timestamp()) AS answers,
       count(*) FILTER (WHERE expires_at <= clock_timestamp())                      AS expired,
       coalesce(sum(hit_count), 0)                                                  AS hits
FROM content_cache
