import type { FaceVoter, GestureCode, SelfieFailure, SelfieHintCode, VoteOutcome } from '../bindings';

const hintsId: Record<SelfieHintCode, string> = {
  cameraLost: 'Kamera terputus. Periksa kabelnya; kami akan melanjutkan sendiri.',
  tooDark: 'Terlalu gelap: nyalakan lampu di depan Anda',
  nobodyThere: 'Letakkan wajah Anda di dalam oval',
  manyFaces: 'Satu orang saja di depan kamera',
  tooFar: 'Dekatkan wajah Anda',
  tooClose: 'Mundur sedikit',
  offCentre: 'Geser ke tengah oval',
  turnToCamera: 'Lihat lurus ke kamera',
  covered: 'Lepas masker, kacamata hitam, atau tangan dari wajah',
  backlit: 'Cahaya dari belakang: hadap ke arah cahaya',
  tooBright: 'Terlalu terang: jauhi cahaya',
  moving: 'Diam sebentar, lihat ke kamera',
  blurry: 'Tahan sebentar, kamera sedang fokus',
  hold: 'Bagus, tahan…',
  captured: 'Foto terambil',
};

const hintsEn: Record<SelfieHintCode, string> = {
  cameraLost: 'Camera disconnected. Check the cable; we will carry on by ourselves.',
  tooDark: 'Too dark: switch on a light in front of you',
  nobodyThere: 'Place your face inside the oval',
  manyFaces: 'One person alone before the camera',
  tooFar: 'Come closer',
  tooClose: 'Move back a little',
  offCentre: 'Move to the middle of the oval',
  turnToCamera: 'Look straight at the camera',
  covered: 'Take mask, sunglasses or hand off your face',
  backlit: 'Light from behind: turn towards the light',
  tooBright: 'Too bright: move out of the light',
  moving: 'Keep still, look at the camera',
  blurry: 'Hold on, the camera is focusing',
  hold: 'Good, hold it…',
  captured: 'Picture taken',
};

type Votes = Record<FaceVoter, Record<VoteOutcome, string>>;

const votesId: Votes = {
  challengeResponse: {
    passed: 'Gerakan yang diminta terlihat',
    failed: 'Gerakan yang diminta tidak terlihat',
    abstained: 'Tidak ada gerakan yang diminta',
  },
  flashReflectance: {
    passed: 'Wajah memantulkan warna layar',
    failed: 'Wajah tidak memantulkan warna layar sebagaimana mestinya',
    abstained: 'Tanpa kedipan warna',
  },
  flashDepth: {
    passed: 'Pantulannya seperti dari benda nyata yang dekat',
    failed: 'Pantulannya rata, seperti dari foto atau layar',
    abstained: 'Bentuk pantulannya tidak dapat dinilai',
  },
  silentPassive: {
    passed: 'Kulitnya tampak wajar',
    failed: 'Kulitnya tampak seperti gambar',
    abstained: 'Terlalu sedikit gambar untuk menilai kulit',
  },
  screenPattern: {
    passed: 'Tidak ada pola layar atau cetakan',
    failed: 'Ada pola seperti pada layar atau cetakan',
    abstained: 'Pola gambarnya tidak dapat dinilai',
  },
  motionParallax: {
    passed: 'Wajah bergerak terpisah dari latarnya',
    failed: 'Wajah dan latar bergerak bersama, seperti selembar gambar',
    abstained: 'Gerakannya terlalu kecil untuk dinilai',
  },
  streamIntegrity: {
    passed: 'Gambar kamera utuh dan tidak berulang',
    failed: 'Gambar kamera berulang atau tampak buatan',
    abstained: 'Aliran gambar kamera tidak dapat dinilai',
  },
  faceContinuity: {
    passed: 'Wajah yang sama dari awal sampai akhir',
    failed: 'Wajahnya berganti di tengah jalan',
    abstained: 'Kesamaan wajah tidak dapat dinilai',
  },
  faceGrain: {
    passed: 'Wajah dan latarnya diambil kamera yang sama',
    failed: 'Wajahnya tampak ditempelkan oleh perangkat lunak',
    abstained: 'Asal gambar wajah tidak dapat dinilai',
  },
};

const votesEn: Votes = {
  challengeResponse: {
    passed: 'The gestures asked for were seen',
    failed: 'The gestures asked for were not seen',
    abstained: 'No gestures were asked for',
  },
  flashReflectance: {
    passed: 'The face reflected the screen’s colours',
    failed: 'The face did not reflect the screen’s colours as it should',
    abstained: 'No coloured light',
  },
  flashDepth: {
    passed: 'It reflected like something solid and near',
    failed: 'It reflected flatly, like a photo or a screen',
    abstained: 'The shape of the reflection could not be judged',
  },
  silentPassive: {
    passed: 'The skin looks natural',
    failed: 'The skin looks like a picture',
    abstained: 'Too few pictures to judge the skin',
  },
  screenPattern: {
    passed: 'No pattern of a screen or a print',
    failed: 'A pattern as of a screen or a print',
    abstained: 'The picture’s pattern could not be judged',
  },
  motionParallax: {
    passed: 'The face moves apart from what is behind it',
    failed: 'Face and background move together, like one sheet',
    abstained: 'It moved too little to be judged',
  },
  streamIntegrity: {
    passed: 'The camera’s pictures are whole and never repeat',
    failed: 'The camera’s pictures repeat or look made up',
    abstained: 'The camera’s stream could not be judged',
  },
  faceContinuity: {
    passed: 'The same face from beginning to end',
    failed: 'The face changed half-way',
    abstained: 'Whether the face stayed the same could not be judged',
  },
  faceGrain: {
    passed: 'Face and background were taken by the same camera',
    failed: 'The face looks put in by software',
    abstained: 'Where the face’s picture comes from could not be judged',
  },
};

const id = {
  title: 'Lihat ke kamera',
  hints: hintsId,
  gestures: {
    words: { blink: 'Pejamkan mata sebentar, lalu buka', turnLeft: 'Tengok ke kiri', smile: 'Tersenyum' } satisfies Record<GestureCode, string> as Record<GestureCode, string>,
    again: (words: string) => `Sekali lagi: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
    count: (number: number, of: number) => `Gerakan ${number} dari ${of}`,
  },
  checking: 'Sebentar, kami sedang memeriksa…',
  failed: {
    title: 'Selfie belum berhasil',
    leads: {
      timedOut: 'Tidak apa-apa. Supaya berhasil kali ini:',
      missed: 'Gerakannya belum terlihat. Tidak apa-apa; supaya berhasil kali ini:',
      notConvincing: 'Kamera belum dapat memastikan bahwa Anda sendiri yang hadir. Supaya berhasil kali ini:',
    } satisfies Record<SelfieFailure, string> as Record<SelfieFailure, string>,
    advice: {
      light: 'Hadap ke cahaya, jangan membelakangi jendela atau lampu',
      uncovered: 'Lepas masker dan kacamata hitam; kerudung boleh tetap dipakai',
      still: 'Letakkan wajah di dalam oval, lalu diam sampai garisnya menutup',
      read: 'Tunggu petunjuknya, lalu lakukan gerakan itu satu kali',
      clearly: 'Lakukan dengan jelas, lalu kembali lihat ke kamera',
      rest: 'Tidak perlu cepat: waktunya cukup',
      inPerson: 'Anda sendiri di depan kamera, tanpa foto atau layar lain',
    },
    triesLeft: (left: number) => (left === 1 ? 'Setelah ini petugas akan membantu Anda.' : `Masih bisa ${left} kali; setelah itu petugas akan membantu Anda.`),
  },
  locked: {
    customer: {
      title: 'Mohon panggil petugas',
      lead: 'Selfie belum berhasil. Petugas akan membantu Anda; data yang sudah diambil masih menunggu.',
    },
    staff: {
      title: 'Selfie perlu bantuan petugas',
      lead: (tries: number) => `${tries} kali belum berhasil. Bandingkan sendiri wajah nasabah dengan kartunya, lalu buka dengan PIN.`,
    },
    unlock: 'Buka dengan PIN petugas',
    end: 'Akhiri kunjungan ini',
    endNote: 'Semua yang sudah diambil dihapus.',
    choose: 'Bagaimana melanjutkan?',
    chooseLead: 'Pilih hanya bila Anda sendiri melihat nasabah di depan kamera.',
    once: 'Satu kali lagi',
    onceNote: 'Seperti tadi, dengan gerakan.',
    without: 'Lanjut tanpa gerakan',
    withoutNote: 'Bagi yang tidak dapat melakukannya. Keyakinan lebih rendah, dan pilihan Anda dicatat.',
    found: 'Yang terlihat pada percobaan terakhir',
  },
  votes: votesId,
  voteOutcomes: { passed: 'Mendukung', failed: 'Meragukan', abstained: 'Tidak dinilai' } satisfies Record<VoteOutcome, string> as Record<VoteOutcome, string>,
};

const en: typeof id = {
  title: 'Look at the camera',
  hints: hintsEn,
  gestures: {
    words: { blink: 'Close your eyes for a moment', turnLeft: 'Turn your head to the left', smile: 'Smile' },
    again: (words) => `Once more: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
    count: (number, of) => `Gesture ${number} of ${of}`,
  },
  checking: 'One moment, we are checking…',
  failed: {
    title: 'The selfie did not work yet',
    leads: {
      timedOut: 'Never mind. To make it work this time:',
      missed: 'The gesture was not seen yet. Never mind; to make it work this time:',
      notConvincing: 'The camera could not make sure that it is you in person. To make it work this time:',
    },
    advice: {
      light: 'Face the light; keep windows and lamps from behind you',
      uncovered: 'Take off a mask and sunglasses; a headscarf may stay on',
      still: 'Place your face inside the oval and keep still until its line closes',
      read: 'Wait for the prompt, then do what it says once',
      clearly: 'Do it clearly, then look at the camera again',
      rest: 'No need to hurry: there is enough time',
      inPerson: 'You yourself before the camera, no photo and no other screen',
    },
    triesLeft: (left) => (left === 1 ? 'After this one, staff will help you.' : `You can try ${left} more times; then staff will help you.`),
  },
  locked: {
    customer: {
      title: 'Please call a member of staff',
      lead: 'The selfie did not work. Staff will help you; what was captured so far is still waiting.',
    },
    staff: {
      title: 'The selfie needs a member of staff',
      lead: (tries) => `${tries} tries did not work. Compare the customer’s face with the card yourself, then unlock with the PIN.`,
    },
    unlock: 'Unlock with the staff PIN',
    end: 'End this visit',
    endNote: 'Everything captured so far is wiped.',
    choose: 'How should it go on?',
    chooseLead: 'Choose only if you yourself see the customer before the camera.',
    once: 'One more try',
    onceNote: 'As before, with gestures.',
    without: 'Go on without gestures',
    withoutNote: 'For who cannot do them. Lower assurance, and your choice is recorded.',
    found: 'What was seen in the last try',
  },
  votes: votesEn,
  voteOutcomes: { passed: 'Speaks for it', failed: 'In doubt', abstained: 'Not judged' },
};

export const selfie = { id, en };
