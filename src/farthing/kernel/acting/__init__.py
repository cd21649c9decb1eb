"""Powers: who acts for another, for what, up to how much, until when; asked at each use."""
