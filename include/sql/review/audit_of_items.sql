-- Rows: the audit trail of these items, oldest first: action, actor's name, rationale, details, created_at.
SELECT audit.action, actor.name AS actor, audit.rationale, audit.details, audit.created_at
FROM audit_logs audit
LEFT JOIN users actor ON actor.id = audit.actor_id
WHERE audit.entity_type IN ('topic_note', 'topic_question') AND audit.entity_id = ANY(CAST(:items AS uuid[]))
ORDER BY audit.created_at, audit.id
