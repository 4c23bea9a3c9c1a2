-- Rows: one; the codes of the active boards, and the grades and subject codes that there are, each once.
SELECT array_agg(DISTINCT board.code)   AS boards,
       array_agg(DISTINCT subject.code) AS subjects,
       ARRAY(SELECT grade FROM subjects GROUP BY grade ORDER BY length(grade), grade) AS grades
FROM boards board
JOIN subjects subject ON subject.board_id = board.id
WHERE board.is_active
