//! What the keeper reads in the evening.

use crate::hive::{Hive, Visit};
use crate::scale::Scale;

pub fn line(hive: &Hive, scale: &Scale) -> String {
    let mood = if hive.is_growing() { "growing" } else { "resting" };
    let frames = hive.frames_now();
    format!("{}: {frames} frames, {mood}, {:+.1} kg", hive.name, scale.gain())
}

pub fn new_season(hives: &mut [Hive], scales: &mut [Scale]) {
    for hive in hives.iter_mut() {
        hive.reset();
    }
    for scale in scales.iter_mut() {
        scale.reset();
    }
}

pub fn sample() -> Hive {
    let mut hive = Hive::new("Linden");
    hive.add_visit(Visit { day: 97, frames: 6, queen_seen: true });
    hive
}
