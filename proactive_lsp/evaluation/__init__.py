"""Real git histories as the judge: mined into sessions, and foreseen by the engine."""
