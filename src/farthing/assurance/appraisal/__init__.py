"""The appraisal report: conditions of law, which checks of a package speak to each, with which result and which limit."""
