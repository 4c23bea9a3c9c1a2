-- Rows: every subject of an active board, by board, grade and code.
SELECT board.code AS board_code, board.name AS board_name, subject.grade, subject.code, subject.language, subject.name
FROM boards board
JOIN subjects subject ON subject.board_id = board.id
WHERE board.is_active
ORDER BY board.code, length(subject.grade), subject.grade, subject.code, subject.language
