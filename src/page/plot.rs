//! Bars and plots, as pictures in the page: no script draws them.

use maud::{Markup, html};

/// The width of one bar and of the gap behind it.
const BAR: u64 = 10;
const GAP: u64 = 4;
const HEIGHT: u64 = 90;

/// A plot of numbers per day.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    /// Each day with its number.
    pub(super) days: Vec<(&'a str, u64)>,
}

impl Plot<'_> {
    pub(super) fn markup(&self) -> Markup {
        let most = self.days.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let total: u64 = self.days.iter().map(|(_, count)| count).sum();
        let width = self.days.len() as u64 * (BAR + GAP);
        let days = self.days.len();
        let label = format!(
            "{}: {total} in {days} days, at most {most} on one day",
            self.title
        );
        let view_box = format!("0 0 {width} {HEIGHT}");
        html! {
            figure {
                figcaption {
                    (self.title)
                    span.most { "most: " (most) }
                }
                svg.plot viewBox=(view_box) role="img" aria-label=(label) preserveAspectRatio="none" {
                    line.base x1="0" y1=(HEIGHT) x2=(width) y2=(HEIGHT) {}
                    @for (place, (_, count)) in self.days.iter().enumerate() {
                        @let height = height(*count, most);
                        @if height > 0 {
                            rect x=(place as u64 * (BAR + GAP)) y=(HEIGHT - height) width=(BAR) height=(height) {}
                        }
                    }
                }
                @if let (Some((first, _)), Some((last, _))) = (self.days.first(), self.days.last()) {
                    p.axis aria-hidden="true" { span { (first) } span { (last) } }
                }
            }
        }
    }
}

/// How high a bar is: what is not nothing can be seen.
fn height(count: u64, most: u64) -> u64 {
    let height = u128::from(count) * u128::from(HEIGHT) / u128::from(most.max(1));
    let height = u64::try_from(height).unwrap_or(HEIGHT);
    if count == 0 { 0 } else { height.max(2) }
}

/// A bar for a part of a whole.
pub(super) fn bar(part: u64, whole: u64) -> Markup {
    let filled = u128::from(part.min(whole)) * 1_000 / u128::from(whole.max(1));
    html! {
        svg.bar viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="0" width="1000" height="8" {}
            rect.filled x="0" y="0" width=(filled) height="8" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_nothing_can_be_seen() {
        assert_eq!(height(0, 0), 0);
        assert_eq!(height(0, 9), 0);
        assert_eq!(height(1, u64::MAX), 2);
        assert_eq!(height(u64::MAX, u64::MAX), HEIGHT);
    }
}
