//! From votes to one word.
//!
//! Invariant: one voter that cannot be satisfied without the person is enough to withhold `Live`. Deliberately lacks
//! weights: every rule can be read aloud.

/// What the sitting looks like from here. The partner decides; this only asks again, annotates and guides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalVerdict {
    /// Nothing speaks against a living face.
    Live,
    /// It looks like a picture, a replay or a made-up stream.
    Spoof,
    /// Something is missing or in doubt.
    Unclear,
}

/// Who votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voter {
    /// The gestures that were asked for were done.
    ChallengeResponse,
    /// The face reflected the colours that were shown.
    FlashReflectance,
    /// It reflected them as a solid thing nearer than the room does.
    FlashDepth,
    /// The passive net's belief over all frames.
    SilentPassive,
    /// No fine regular pattern, as a screen's or a print's, lies over the face.
    ScreenPattern,
    /// The face moves on its own, not with what is around it.
    MotionParallax,
    /// The frames come from a sensor, each once.
    StreamIntegrity,
    /// It is one face from the first frame to the last.
    FaceContinuity,
    /// It carries the noise of the sensor that took the rest.
    FaceGrain,
}

impl Voter {
    /// Its word for audit and interfaces.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ChallengeResponse => "challenge_response",
            Self::FlashReflectance => "flash_reflectance",
            Self::FlashDepth => "flash_depth",
            Self::SilentPassive => "silent_passive",
            Self::ScreenPattern => "screen_moire",
            Self::MotionParallax => "motion_parallax",
            Self::StreamIntegrity => "stream_integrity",
            Self::FaceContinuity => "face_continuity",
            Self::FaceGrain => "face_grain",
        }
    }
}

/// A vote's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As a living face would.
    Passed,
    /// As a living face would not.
    Failed,
    /// There was not enough to go by.
    Abstained,
}

/// One vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Whose.
    pub voter: Voter,
    /// What.
    pub outcome: Outcome,
    /// The measure it follows from, in English, for staff and audit.
    pub reason: String,
}

impl Vote {
    pub(super) fn new(voter: Voter, outcome: Outcome, reason: String) -> Self {
        Self { voter, outcome, reason }
    }

    pub(super) fn of(voter: Voter, is_passed: bool, reason: String) -> Self {
        Self::new(voter, if is_passed { Outcome::Passed } else { Outcome::Failed }, reason)
    }
}

/// What the panel came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// In one word.
    pub verdict: LocalVerdict,
    /// Vote by vote.
    pub votes: Vec<Vote>,
}

impl Judgement {
    /// Whether a voter failed.
    #[must_use]
    pub fn has_failed(&self, voter: Voter) -> bool {
        self.votes.iter().any(|vote| vote.voter == voter && vote.outcome == Outcome::Failed)
    }
}

/// How much one failure says.
enum Weight {
    /// No honest sitting does this: a spoof by itself.
    Hard,
    /// Keeps a sitting from being called live.
    Needed,
    /// Happens to honest people: two of them count like one that is needed, and where no coloured light was followed one
    /// is enough for doubt.
    Soft,
}

fn weight(voter: Voter) -> Weight {
    match voter {
        Voter::StreamIntegrity => Weight::Hard,
        Voter::ChallengeResponse
        | Voter::FlashReflectance
        | Voter::FlashDepth
        | Voter::FaceContinuity
        | Voter::ScreenPattern
        | Voter::FaceGrain => Weight::Needed,
        Voter::SilentPassive | Voter::MotionParallax => Weight::Soft,
    }
}

/// Fuses the votes.
pub(super) fn fuse(votes: Vec<Vote>) -> Judgement {
    let failed: Vec<Voter> =
        votes.iter().filter(|vote| vote.outcome == Outcome::Failed).map(|vote| vote.voter).collect();
    let (mut hard, mut needed, mut soft) = (0, 0, 0);
    for voter in &failed {
        match weight(*voter) {
            Weight::Hard => hard += 1,
            Weight::Needed => needed += 1,
            Weight::Soft => soft += 1,
        }
    }
    // Without its gestures a sitting has shown no life of its own, whatever else passed.
    let has_answered =
        votes.iter().any(|vote| vote.voter == Voter::ChallengeResponse && vote.outcome == Outcome::Passed);
    let is_lit =
        votes.iter().any(|vote| vote.voter == Voter::FlashReflectance && vote.outcome == Outcome::Passed);
    let doubts = 2 * needed + soft;
    let enough = if is_lit { 2 } else { 1 };
    let verdict = if hard > 0 || doubts >= 4 || (needed > 0 && soft > 0) {
        LocalVerdict::Spoof
    } else if doubts >= enough || !has_answered {
        LocalVerdict::Unclear
    } else {
        LocalVerdict::Live
    };
    Judgement { verdict, votes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        use Voter::{
            ChallengeResponse, FaceContinuity, FlashDepth, FlashReflectance, MotionParallax, ScreenPattern,
            SilentPassive, StreamIntegrity,
        };
        let all = [
            ChallengeResponse,
            FlashReflectance,
            FlashDepth,
            SilentPassive,
            ScreenPattern,
            MotionParallax,
            StreamIntegrity,
            FaceContinuity,
        ];
        let check = |failed: &[Voter], expected: LocalVerdict| {
            let vote = |voter: Voter| Vote::of(voter, !failed.contains(&voter), String::new());
            assert_eq!(fuse(all.map(vote).to_vec()).verdict, expected, "{failed:?}");
        };
        check(&[], LocalVerdict::Live);
        check(&[SilentPassive], LocalVerdict::Live);
        check(&[SilentPassive, MotionParallax], LocalVerdict::Unclear);
        check(&[ScreenPattern], LocalVerdict::Unclear);
        check(&[FlashReflectance], LocalVerdict::Unclear);
        check(&[ChallengeResponse], LocalVerdict::Unclear);
        check(&[FlashReflectance, SilentPassive], LocalVerdict::Spoof);
        check(&[ChallengeResponse, FlashDepth], LocalVerdict::Spoof);
        check(&[StreamIntegrity], LocalVerdict::Spoof);
    }

    #[test]
    fn without_light_one_soft_failure_is_a_doubt() {
        let judged = |has_light: bool| {
            let flash = has_light.then(|| Vote::of(Voter::FlashReflectance, true, String::new()));
            let others = [(Voter::ChallengeResponse, true), (Voter::SilentPassive, false)];
            let others = others.map(|(voter, is_passed)| Vote::of(voter, is_passed, String::new()));
            fuse(flash.into_iter().chain(others).collect()).verdict
        };
        assert_eq!((judged(true), judged(false)), (LocalVerdict::Live, LocalVerdict::Unclear));
    }

    #[test]
    fn without_gestures_nothing_is_live() {
        let abstained = Vote::new(Voter::ChallengeResponse, Outcome::Abstained, String::new());
        assert_eq!(fuse(vec![abstained]).verdict, LocalVerdict::Unclear);
    }
}
