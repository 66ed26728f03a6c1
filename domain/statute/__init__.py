"""The consortium's own rules, as versioned data: every vote is judged by the version in force on its day."""
