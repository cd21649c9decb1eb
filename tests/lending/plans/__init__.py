"""Plans of loans: many schedules at once beside the schedule of each."""
