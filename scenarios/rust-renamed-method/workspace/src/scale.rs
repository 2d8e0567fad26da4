//! The scale below a hive.

/// Weights in kilograms, one for each hour.
#[derive(Debug, Default)]
pub struct Scale {
    weights: Vec<f64>,
    pub tare: f64,
}

impl Scale {
    pub fn weigh(&mut self, kilograms: f64) {
        self.weights.push(kilograms - self.tare);
    }

    pub fn gain(&self) -> f64 {
        match (self.weights.first(), self.weights.last()) {
            (Some(first), Some(last)) => last - first,
            _ => 0.0,
        }
    }

    pub fn reset(&mut self) {
        self.weights.clear();
        self.tare = 0.0;
    }
}
