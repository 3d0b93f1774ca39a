//! Every threshold of the guided selfie.

/// Thresholds and times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfieParams {
    /// A smaller face is too far away.
    pub least_height: f32,
    /// A larger one too close.
    pub most_height: f32,
    /// A face further from the oval's middle, in its half axes, is beside it.
    pub most_offset: f32,
    /// Degrees to either side.
    pub most_yaw: f32,
    /// Degrees up or down; webcams stand above or below the eyes.
    pub most_pitch: f32,
    /// Degrees of tilt.
    pub most_roll: f32,
    /// More is covered.
    pub most_covered: f32,
    /// Darker is too dark; dark skin in good light lies above 0.2.
    pub least_brightness: f32,
    /// Brighter is burnt out.
    pub most_brightness: f32,
    /// Light from behind is told to faces darker than this …
    pub backlit_brightness: f32,
    /// … with surroundings brighter by so much.
    pub backlit_difference: f32,
    /// Softer is out of focus.
    pub least_sharpness: f32,
    /// Faster is motion, not breathing: face heights a second.
    pub most_speed: f32,
    /// A problem must last so long to be believed.
    pub believe_ms: u64,
    /// A hint stays at least so long. Guide: 1.5 s.
    pub hint_ms: u64,
    /// All must be well for so long: time for two frames half a second apart.
    pub hold_ms: u64,
    /// Frames further apart than this are not one holding.
    pub gap_ms: u64,
    /// After the button: the best of what comes within this is taken.
    pub hand_ms: u64,
    /// Help is offered after so long without progress. Guide: 5 s.
    pub help_ms: u64,
    /// The button is offered after this. Guide: 10 s.
    pub shutter_ms: u64,
    /// It ends after this without a selfie. Guide: two minutes.
    pub give_up_ms: u64,
    /// The clock moves by at most this between two inputs.
    pub step_ms: u64,
    /// A gesture sooner after its prompt than this is none that answers it: nobody reads so fast.
    pub react_ms: u64,
    /// A gesture is waited for so long: who reads it does it, and a recording has little time to do it by chance.
    pub gesture_ms: u64,
    /// The face may be gone so long while gestures are asked for.
    pub absent_ms: u64,
    /// Gestures missed before it ends.
    pub most_missed: u32,
    /// What counts as the gestures.
    pub gestures: GestureParams,
}

/// What counts as a gesture, against the person's own neutral face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GestureParams {
    /// Eyes are shut below this share of their neutral openness …
    pub shut_share: f32,
    /// … and open again above this one.
    pub open_share: f32,
    /// Shut for less they blink by themselves, which takes a fifth of a second …
    pub least_shut_ms: u64,
    /// … and for longer they are closed.
    pub most_shut_ms: u64,
    /// Degrees of turn.
    pub turn_degrees: f32,
    /// The net's belief in a smile must rise by so much …
    pub smile_rise: f32,
    /// … and the mouth grow wider by this share; or by twice this share alone.
    pub wider_share: f32,
    /// A turn or a smile must last so long.
    pub last_ms: u64,
    /// A smile that nobody asked for may pass within this.
    pub passing_smile_ms: u64,
}

impl Default for GestureParams {
    fn default() -> Self {
        Self {
            shut_share: 0.55,
            open_share: 0.75,
            least_shut_ms: 330,
            most_shut_ms: 2_500,
            turn_degrees: 14.0,
            smile_rise: 0.25,
            wider_share: 0.06,
            last_ms: 130,
            passing_smile_ms: 500,
        }
    }
}

impl Default for SelfieParams {
    fn default() -> Self {
        Self {
            least_height: 0.33,
            most_height: 0.82,
            most_offset: 0.55,
            most_yaw: 18.0,
            most_pitch: 22.0,
            most_roll: 18.0,
            most_covered: 0.6,
            least_brightness: 0.14,
            most_brightness: 0.92,
            backlit_brightness: 0.22,
            backlit_difference: 0.35,
            least_sharpness: 0.3,
            most_speed: 0.5,
            believe_ms: 250,
            hint_ms: 1_500,
            hold_ms: 1_200,
            gap_ms: 700,
            hand_ms: 900,
            help_ms: 5_000,
            shutter_ms: 10_000,
            give_up_ms: 120_000,
            step_ms: 1_000,
            react_ms: 150,
            gesture_ms: 5_000,
            absent_ms: 1_500,
            most_missed: 2,
            gestures: GestureParams::default(),
        }
    }
}
