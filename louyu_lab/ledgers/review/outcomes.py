"""What can become of an entry of 更正.xlsx."""

#: What can become of an entry.
APPLIED, ALREADY, STALE, UNDATED = "applied", "already", "stale", "undated"
NOT_FOUND, AMBIGUOUS, INVALID = "not-found", "ambiguous", "invalid"

#: Outcome -> how the user reads it.
OUTCOME_ZH = {
    APPLIED: "已更正",
    ALREADY: "台账已改（可删去这条）",
    STALE: "原值不符（未用）",
    UNDATED: "没有写期间（未用）",
    NOT_FOUND: "没有找到（未用）",
    AMBIGUOUS: "指到多行（未用）",
    INVALID: "写得不对（未用）",
}
