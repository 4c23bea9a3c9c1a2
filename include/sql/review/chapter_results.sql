-- Rows: the chapters that a run has judged, in their order: chapter_id, result.
SELECT judged.chapter_id, judged.result
FROM validation_run_chapters judged
JOIN chapters chapter ON chapter.id = judged.chapter_id
WHERE judged.run_id = :run_id
ORDER BY chapter.chapter_number
