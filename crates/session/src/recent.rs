//! What the last frames agree on.
//!
//! Invariant: a single frame is never believed, and memory is bounded whatever the rate of frames. Deliberately lacks
//! what is on the screen.

use std::collections::VecDeque;

use crate::hint::{Hint, HintCode};
use crate::params::CardParams;

/// More frames than any camera gives within the window.
const MOST: usize = 64;

/// The problems of the last frames.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent(VecDeque<(u64, Vec<Hint>)>);

impl Recent {
    /// Adds a frame and forgets those that left the window; of a slow camera two frames stay.
    pub(crate) fn push(&mut self, now_ms: u64, problems: Vec<Hint>, params: &CardParams) {
        self.0.push_back((now_ms, problems));
        let age_ms = |entry: &(u64, Vec<Hint>)| now_ms.saturating_sub(entry.0);
        while self.0.front().is_some_and(|oldest| {
            let limit_ms = if self.0.len() > 2 { params.window_ms } else { params.gap_ms };
            age_ms(oldest) > limit_ms || self.0.len() > MOST
        }) {
            self.0.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What most frames show: the most important of the problems that most of them have, the latest too, "hold" if most are well,
    /// `None` while they disagree on whether all is well.
    pub(crate) fn believed(&self, params: &CardParams) -> Option<Hint> {
        if self.0.len() < 2 {
            return None;
        }
        let most = |count: usize| count as f32 >= params.window_share * self.0.len() as f32;
        let well = self.0.iter().filter(|(_, problems)| problems.is_empty()).count();
        if most(well) {
            return Some(Hint::plain(HintCode::Hold));
        }
        // What is gone in the latest frame is not worth a hint that would have to stay.
        let latest: Vec<HintCode> = self.0.back()?.1.iter().map(|hint| hint.code).collect();
        if latest.is_empty() || !most(self.0.len() - well) {
            return None;
        }
        let counted = HintCode::ALL.map(|code| (code, self.of(code).count()));
        let agreed = counted.into_iter().find(|(code, count)| most(*count) && latest.contains(code));
        // Of problems that take turns the most frequent counts, of equals the more important.
        let frequent = || counted.into_iter().rev().max_by_key(|(_, count)| *count);
        agreed.or_else(frequent).and_then(|(code, _)| self.merged(code))
    }

    fn of(&self, code: HintCode) -> impl Iterator<Item = &Hint> {
        self.0.iter().filter_map(move |(_, problems)| problems.iter().find(|hint| hint.code == code))
    }

    /// One hint of all those of a code: the fields that at least half of them name, the latest direction.
    fn merged(&self, code: HintCode) -> Option<Hint> {
        let count = self.of(code).count();
        let latest = self.of(code).last()?;
        let mut fields: Vec<_> = self.of(code).flat_map(|hint| hint.fields.iter().copied()).collect();
        fields.sort_unstable();
        let often: Vec<_> = fields
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() * 2 >= count)
            .filter_map(|same| same.first().copied())
            .collect();
        let fields = if often.is_empty() { latest.fields.clone() } else { often };
        Some(Hint { code, direction: latest.direction, fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn believed(frames: &[(u64, &[HintCode])]) -> Option<HintCode> {
        let (mut recent, params) = (Recent::default(), CardParams::default());
        for (at_ms, codes) in frames {
            recent.push(*at_ms, codes.iter().copied().map(Hint::plain).collect(), &params);
        }
        recent.believed(&params).map(|hint| hint.code)
    }

    #[test]
    fn most_frames_decide() {
        use HintCode::{Blurry, Glare, Hold, Moving};
        #[track_caller]
        fn check(frames: &[(u64, &[HintCode])], expected: Option<HintCode>) {
            assert_eq!(believed(frames), expected, "{frames:?}");
        }
        check(&[(0, &[Glare])], None);
        check(&[(0, &[]), (30, &[])], Some(Hold));
        check(&[(0, &[]), (30, &[Glare])], None);
        check(&[(0, &[]), (30, &[Glare]), (60, &[Glare])], Some(Glare));
        check(&[(0, &[Glare]), (30, &[]), (60, &[]), (90, &[])], Some(Hold));
        check(&[(0, &[Glare, Moving]), (30, &[Moving]), (60, &[Moving])], Some(Moving));
        check(&[(0, &[Glare]), (30, &[Glare]), (60, &[Glare]), (90, &[])], None);
        check(&[(0, &[Glare, Moving]), (30, &[Glare, Moving]), (60, &[Moving])], Some(Moving));
        check(&[(0, &[Glare]), (30, &[Blurry]), (60, &[Glare]), (90, &[Blurry])], Some(Glare));
        // What left the window does not count, and of a slow camera two frames are enough.
        check(&[(0, &[Glare]), (30, &[Glare]), (400, &[]), (430, &[])], Some(Hold));
        check(&[(0, &[Glare]), (300, &[Glare])], Some(Glare));
        check(&[(0, &[Glare]), (5_000, &[Glare])], None);
    }
}
