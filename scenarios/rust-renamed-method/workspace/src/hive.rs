//! One hive and what was seen of it.

/// What one look into a hive came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    pub day: u32,
    pub frames: u32,
    pub queen_seen: bool,
}

/// A hive with its visits, oldest first.
#[derive(Debug, Default)]
pub struct Hive {
    pub name: String,
    visits: Vec<Visit>,
}

impl Hive {
    pub fn new(name: &str) -> Self {
        Hive { name: name.to_string(), visits: Vec::new() }
    }

    pub fn add_visit(&mut self, visit: Visit) {
        self.visits.push(visit);
    }

    /// How many frames the bees sat on when somebody looked last.
    pub fn frames_now(&self) -> u32 {
        self.visits.last().map_or(0, |visit| visit.frames)
    }

    /// Whether the hive has grown between the last two visits.
    pub fn is_growing(&self) -> bool {
        match self.visits.as_slice() {
            [.., before, last] => last.frames > before.frames,
            _ => self.frames_now() > 0,
        }
    }

    pub fn reset(&mut self) {
        self.visits.clear();
    }
}
