-- Rows: one; whether all hydrations are paused. Nobody throws the switch until the caller's transaction ends.
SELECT paused, reason FROM hydration_control FOR SHARE
