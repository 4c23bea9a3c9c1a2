-- Rows: none; fills an empty content database for bank.py, which has put the sizes into the table `sizes`.
-- Numbers, not random values, decide everything, so that two banks are the same but for ids and times.

CREATE TEMP TABLE made_subjects AS
SELECT number, uuidv7() AS id FROM sizes, generate_series(1, subjects) number;

-- Oldest first. Of 83 roots one is a whole subject, the others are a chapter each; the newest are not ended.
CREATE TEMP TABLE made_roots AS
SELECT number, uuidv7() AS id, subject,
       now() - (2 * subjects - number) * interval '43 minutes' AS created_at,
       CASE WHEN subject % 83 = 0 AND subject <= written THEN chapters ELSE 1 END AS chapters,
       CASE WHEN number > 2 * subjects - unfinished
            THEN (ARRAY['running', 'running', 'pending', 'paused'])[1 + number % 4]::job_status
            WHEN number % 13 = 0 THEN 'failed' WHEN number % 17 = 0 THEN 'cancelled' ELSE 'completed' END AS status
FROM sizes, generate_series(1, 2 * subjects) number, LATERAL (SELECT 1 + (number - 1) % subjects AS subject) of;

CREATE TEMP TABLE made_topics AS
SELECT made_subjects.number AS subject, chapter, topic, uuidv7() AS chapter_id, uuidv7() AS id
FROM sizes, made_subjects, generate_series(1, chapters) chapter, generate_series(1, topics) topic
WHERE made_subjects.number <= written;

UPDATE made_topics SET chapter_id = first.chapter_id
FROM made_topics first
WHERE (first.subject, first.chapter, first.topic) = (made_topics.subject, made_topics.chapter, 1);

CREATE INDEX ON made_topics (subject);

ANALYZE made_roots, made_topics;

CREATE TEMP TABLE made_jobs AS
SELECT uuidv7() AS id, root.id AS root_id, root.status AS root_status, root.created_at, subject.id AS subject_id, level,
       work.target, work.target_id, work.chapter_id, work.variant, work.items,
       row_number() OVER (PARTITION BY root.id ORDER BY level, work.chapter, work.topic) AS place
FROM made_roots root
JOIN made_subjects subject ON subject.number = root.subject
CROSS JOIN generate_series(1, 4) level
CROSS JOIN LATERAL (
    SELECT 'SUBJECT' AS target, subject.id AS target_id, NULL::uuid AS chapter_id, NULL AS variant,
           root.chapters AS items, 0 AS chapter, 0 AS topic
    WHERE level = 1
    UNION ALL
    SELECT 'CHAPTER', chapter_id, chapter_id, NULL, topics, chapter, 0
    FROM sizes, made_topics WHERE level = 2 AND subject = root.subject AND topic = 1 AND chapter <= root.chapters
    UNION ALL
    SELECT 'NOTE', id, chapter_id, NULL, 1, chapter, topic
    FROM made_topics WHERE level = 3 AND subject = root.subject AND chapter <= root.chapters
    UNION ALL
    SELECT 'QUESTION_SET', id, chapter_id, difficulty, items, chapter, topic
    FROM made_topics, question_counts WHERE level = 4 AND subject = root.subject AND chapter <= root.chapters
) work;

ANALYZE made_jobs;

INSERT INTO users (id, identity_provider, external_id, name, role)
SELECT uuidv7(), 'airflow', name, name, 'operator' FROM unnest(ARRAY['asha', 'bilal', 'chitra', 'dev', 'esther']) name;

INSERT INTO boards (id, code, name)
SELECT uuidv7(), 'BOARD' || to_char(number, 'FM00'), 'Board ' || number
FROM sizes, generate_series(1, subjects / 50) number;

-- A board has five subjects in ten grades.
INSERT INTO subjects (id, board_id, code, name, grade, language)
SELECT subject.id, board.id, named.code, initcap(named.code), (1 + (subject.number - 1) / 5 % 10)::text, 'en'
FROM made_subjects subject
JOIN boards board ON board.code = 'BOARD' || to_char(1 + (subject.number - 1) / 50, 'FM00')
CROSS JOIN LATERAL (
    SELECT (ARRAY['BIOLOGY', 'CHEMISTRY', 'HISTORY', 'MATH', 'PHYSICS'])[1 + (subject.number - 1) % 5] AS code
) named;

INSERT INTO chapters (id, subject_id, chapter_number, title, is_generated, generation_status)
SELECT made.chapter_id, subject.id, chapter, 'Chapter ' || chapter, true, 'COMPLETED'
FROM made_topics made JOIN made_subjects subject ON subject.number = made.subject WHERE topic = 1;

INSERT INTO topics (id, chapter_id, topic_number, title, is_generated, generation_status)
SELECT id, chapter_id, topic, 'Topic ' || chapter || '.' || topic, true, 'COMPLETED' FROM made_topics;

INSERT INTO topic_notes (id, topic_id, content, word_count, quality_score, validation_status)
SELECT uuidv7(), id, repeat('What a learner of this topic needs to know, in words that fit the grade. ', 25), 350, 0.9,
       'VALIDATED'
FROM made_topics;

INSERT INTO topic_questions (
    id, topic_id, position, question_type, difficulty_level, question_text, options, correct_answer, marks,
    quality_score, validation_status, tags)
SELECT uuidv7(), made.id, position, 'MCQ', difficulty::difficulty_level,
       format('A train of %s m passes a pole in %s s. How fast is it, and what does that say of topic %s.%s?',
              100 + 7 * position, 5 + position, chapter, topic),
       '[{"key": "A", "text": "20 m/s"}, {"key": "B", "text": "25 m/s"}, {"key": "C", "text": "30 m/s"}]',
       '{"final_answer": "A", "explanation": "Distance over time."}', 1, 0.9, 'VALIDATED', '["speed"]'
FROM made_topics made, question_counts, generate_series(1, items) position;

INSERT INTO hydration_jobs (
    id, target_type, target_id, subject_id, hierarchy_level, status, input_params, created_by, trace_id, dag_run_id,
    max_cost_usd, estimated_cost_usd, actual_cost_usd, estimated_duration_mins, actual_duration_mins,
    created_at, started_at, finished_at, error_message)
SELECT root.id, 'SUBJECT', subject.id, subject.id, 0, root.status, params, creator.id,
       'hydrate-' || right(root.id::text, 12), 'hydrate__' || root.id || '__1', 50, 0.5, 0.48, 3, 2.8,
       root.created_at, CASE WHEN root.status <> 'pending' THEN root.created_at + interval '2 s' END,
       CASE WHEN root.status IN ('completed', 'failed', 'cancelled') THEN root.created_at + interval '170 s' END,
       CASE WHEN root.status = 'failed' THEN '4 easy questions of 3.2 Topic 3.2: the answers disagree' END
FROM sizes, made_roots root
JOIN made_subjects subject ON subject.number = root.subject
JOIN users creator ON creator.name = (ARRAY['asha', 'bilal', 'chitra', 'dev', 'esther'])[1 + root.number % 5];

INSERT INTO hydration_jobs (
    id, root_job_id, parent_job_id, target_type, target_id, variant, subject_id, chapter_id, hierarchy_level, status,
    attempts, fencing_token, items_expected, items_completed, input_params, actual_cost_usd, created_by, trace_id,
    created_at, started_at, finished_at, error_message)
SELECT job.id, job.root_id, job.root_id, job.target::hydration_target_type, job.target_id, job.variant, job.subject_id,
       job.chapter_id, job.level, state.status, state.tries, state.tries, job.items,
       CASE WHEN state.status = 'completed' THEN job.items ELSE 0 END, '{}', 0.002, root.created_by, root.trace_id,
       job.created_at, CASE WHEN state.tries > 0 THEN job.created_at + interval '3 s' END,
       CASE WHEN state.status IN ('completed', 'failed', 'cancelled') THEN job.created_at + interval '100 s' END,
       CASE WHEN state.status = 'failed' THEN 'the answers disagree' END
FROM made_jobs job
JOIN hydration_jobs root ON root.id = job.root_id
CROSS JOIN LATERAL (
    SELECT status, CASE status WHEN 'pending' THEN 0 WHEN 'failed' THEN 3 ELSE 1 END AS tries
    FROM (SELECT CASE WHEN job.root_status = 'completed' OR job.place <= 12 THEN 'completed'
                      WHEN job.root_status IN ('running', 'pending', 'paused') THEN 'pending'
                      WHEN job.root_status = 'cancelled' THEN 'cancelled'
                      WHEN job.place % 10 = 0 THEN 'failed' ELSE 'completed' END::job_status AS status) chosen
) state;

INSERT INTO ai_content_logs (
    id, root_job_id, job_id, fencing_token, deployment, purpose, content_ref, content_type, status, outcome,
    tokens_used, prompt_tokens, cached_tokens, completion_tokens, cost_usd, reserved_usd, scopes, latency_ms, model_used,
    created_at, settled_at)
SELECT uuidv7(), job.root_id, job.id, 1, 'openai:gpt-5-mini', lower(job.target), job.target_id::text,
       (ARRAY['CHAPTER', 'TOPIC', 'NOTE', 'QUESTION'])[job.level]::content_type, 'accepted', 'answered',
       2100, 1200, 800, 900, 0.002, 0.006, ARRAY['job:' || job.root_id], 1800, 'gpt-5-mini',
       job.created_at + interval '4 s', job.created_at + interval '6 s'
FROM made_jobs job JOIN hydration_jobs done ON done.id = job.id AND done.status IN ('completed', 'failed');

-- The calls of the chapters that no job here stands for. They name their root only.
INSERT INTO ai_content_logs (
    id, root_job_id, deployment, purpose, content_ref, content_type, status, outcome, tokens_used, prompt_tokens,
    cached_tokens, completion_tokens, cost_usd, reserved_usd, latency_ms, model_used, created_at, settled_at)
SELECT uuidv7(), root.id, 'openai:gpt-5-mini', CASE call WHEN 1 THEN 'note' ELSE 'question_set' END, made.id::text,
       CASE call WHEN 1 THEN 'NOTE' ELSE 'QUESTION' END::content_type, 'accepted', 'answered', 2100, 1200, 800, 900,
       0.002, 0.006, 1800, 'gpt-5-mini', root.created_at, root.created_at + interval '2 s'
FROM sizes, made_topics made
JOIN made_roots root ON root.subject = made.subject
CROSS JOIN generate_series(1, 4) call
WHERE made.chapter > root.chapters AND root.number <= subjects;

INSERT INTO job_execution_logs (id, job_id, phase, severity, message, payload, created_at)
SELECT uuidv7(), job.id, phase::execution_phase, CASE phase WHEN 'ERROR' THEN 'ERROR' ELSE 'INFO' END::log_severity,
       'What happened to this job, in a sentence of ordinary length.', '{"items": 4}',
       job.created_at + line * interval '3 s'
FROM hydration_jobs job
CROSS JOIN LATERAL (
    SELECT phase, line FROM (VALUES ('START', 1), ('RUNNING', 2), ('SUMMARY', 3)) lines(phase, line)
    WHERE job.root_job_id IS NULL
    UNION ALL SELECT 'STEP', 1 WHERE job.root_job_id IS NOT NULL
    UNION ALL SELECT 'ERROR', 2 WHERE job.status = 'failed'
) lines;

INSERT INTO outbox (id, payload, kind, job_id, dag_run_id, sent_at, attempts, created_at)
SELECT uuidv7(), jsonb_build_object('dag', 'hydrate_subject', 'conf', jsonb_build_object('job_id', id)),
       'HYDRATION_JOB', id, dag_run_id, created_at + interval '1 s', 1, created_at
FROM hydration_jobs WHERE root_job_id IS NULL;

INSERT INTO llm_budgets (scope, spent_usd) SELECT 'job:' || id, 0.48 FROM hydration_jobs WHERE root_job_id IS NULL;

INSERT INTO llm_deployments (name, concurrency, most_in_flight) VALUES ('openai:gpt-5-mini', 32, 64);

INSERT INTO audit_logs (id, actor_id, action, entity_type, entity_id, created_at)
SELECT uuidv7(), created_by, 'hydration.submit', 'hydration_job', id, created_at
FROM hydration_jobs WHERE root_job_id IS NULL;

INSERT INTO content_reviews (
    id, content_type, item_id, subject_id, chapter_id, topic_id, reasons, quality_score, status, created_at)
SELECT uuidv7(), 'QUESTION', question.id, chapter.subject_id, chapter.id, topic.id,
       ARRAY[(ARRAY['ANSWERS_DISAGREE', 'NEAR_DUPLICATE', 'OFF_OBJECTIVE'])[1 + topic.topic_number % 3]],
       0.5 + 0.01 * topic.topic_number, 'open', question.created_at
FROM topic_questions question
JOIN topics topic ON topic.id = question.topic_id
JOIN chapters chapter ON chapter.id = topic.chapter_id
WHERE question.position = 4 AND chapter.chapter_number <= 2;

INSERT INTO job_locks (job_name, last_run_at, last_result)
VALUES ('hydration_reconciler', now(), '{"roots": 40, "seconds": 0.4}');
