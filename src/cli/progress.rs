//! The bar that people see while a long command runs.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::Progress;

/// How long a command may take before the bar is shown.
const PATIENCE: Duration = Duration::from_millis(250);

/// A bar on standard error, if that is a terminal.
pub(super) struct ReadingBar {
    bar: ProgressBar,
    lines: std::cell::Cell<u64>,
    started: std::cell::OnceCell<std::time::Instant>,
}

impl ReadingBar {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::no_length();
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if quiet || !std::io::stderr().is_terminal() {
            // Nobody sees it, ever.
            bar.finish();
        }
        Self {
            bar,
            lines: std::cell::Cell::new(0),
            started: std::cell::OnceCell::new(),
        }
    }

    fn show_after_a_while(&self) {
        if self.bar.is_finished() || !self.bar.is_hidden() {
            return;
        }
        let started = self.started.get_or_init(std::time::Instant::now);
        if started.elapsed() >= PATIENCE {
            let template = "{msg} lines  {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for ReadingBar {
    fn expect(&self, bytes: Option<u64>) {
        if let Some(bytes) = bytes {
            self.bar.set_length(bytes);
        }
    }

    fn bytes(&self, count: u64) {
        self.bar.inc(count);
        self.show_after_a_while();
        self.bar.set_message(self.lines.get().to_string());
    }

    fn line(&self) {
        self.lines.set(self.lines.get() + 1);
    }

    fn done(&self) {
        self.bar.finish_and_clear();
    }
}
