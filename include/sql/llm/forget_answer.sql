-- Rows: none. A rejected answer is not given again.
DELETE FROM content_cache WHERE cache_key = :key
