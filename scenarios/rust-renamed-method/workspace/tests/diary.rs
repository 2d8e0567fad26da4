use hives::hive::{Hive, Visit};
use hives::report;

#[test]
fn a_new_hive_is_empty() {
    assert_eq!(Hive::new("Oak").frames_now(), 0);
}

#[test]
fn the_sample_has_six_frames() {
    assert_eq!(report::sample().frames_now(), 6);
}

#[test]
fn a_second_visit_counts() {
    let mut hive = report::sample();
    hive.add_visit(Visit { day: 104, frames: 8, queen_seen: false });
    assert!(hive.is_growing());
}
