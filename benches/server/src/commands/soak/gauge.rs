//! Memory and open files of a replica over time.

use crate::figures::slope;
use crate::process::Server;

/// What was seen of one replica, each second.
#[derive(Default)]
pub struct Gauge {
    /// Seconds, megabytes.
    memory: Vec<(f64, f64)>,
    /// Seconds, open files.
    files: Vec<(f64, f64)>,
}

impl Gauge {
    /// Looks once.
    pub fn look(&mut self, at: f64, host: &Server) {
        self.memory.push((at, host.memory() as f64 / 1e6));
        self.files.push((at, host.files() as f64));
    }

    /// Whether both are flat in the second half.
    pub fn held(&self, number: usize, flat: f64, files: usize) -> Vec<(String, bool)> {
        let half =
            |points: &[(f64, f64)]| points.get(points.len() / 2..).unwrap_or_default().to_vec();
        let mean = |points: &[(f64, f64)]| {
            points.iter().map(|point| point.1).sum::<f64>() / points.len() as f64
        };
        let (first, second) = (
            self.memory.first().map_or(0.0, |point| point.1),
            half(&self.memory),
        );
        let most = self.memory.iter().map(|point| point.1).fold(0.0, f64::max);
        let each_minute = slope(&second) * 60.0;
        let percent = each_minute * 10.0 / mean(&second) * 100.0;
        let memory = format!(
            "replica {number}: memory flat in the second half: {each_minute:+.2} MB each minute, {percent:+.1} % in \
             ten ({first:.0} MB at first, {:.0} MB on average then, {most:.0} MB at most)",
            mean(&second)
        );
        // Tenths, so that one moment does not decide.
        let open = half(&self.files);
        let tenth = (open.len() / 10).max(1);
        let begin = mean(open.get(..tenth).unwrap_or_default());
        let end = mean(open.get(open.len() - tenth..).unwrap_or_default());
        let opened = format!(
            "replica {number}: open files flat in the second half: {begin:.0}, then {end:.0}"
        );
        vec![
            (memory, percent < flat),
            (opened, end <= begin + files as f64),
        ]
    }
}
