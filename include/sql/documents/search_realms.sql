-- Rows: realm of each realm that has documents.
SELECT DISTINCT realm FROM documents ORDER BY realm
