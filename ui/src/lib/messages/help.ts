import type { HelpTopic } from '../bindings';

interface Tip {
  title: string;
  body: string;
}

const topicsId: Record<HelpTopic, { title: string; tips: Tip[] }> = {
  general: {
    title: 'Cara kerja Loket',
    tips: [
      { title: 'Siapkan KTP asli', body: 'Keluarkan dari dompet dan plastiknya. Fotokopi dan foto di ponsel tidak dapat dipakai.' },
      { title: 'Tunjukkan ke kamera', body: 'Ikuti satu petunjuk di layar. Gambar diambil sendiri begitu kartunya jelas.' },
      { title: 'Periksa dan kirim', body: 'Data dibaca di komputer ini, ditandatangani, lalu dikirim terenkripsi. Tanpa internet, berkas menunggu dengan aman.' },
      { title: 'Boleh berhenti kapan saja', body: 'Tombol Batal menghapus semua yang sudah diambil.' },
    ],
  },
  card: {
    title: 'Supaya kartu cepat terbaca',
    tips: [
      { title: 'Pegang di tepinya', body: 'Jepit kartu di pinggir dengan dua jari agar tidak ada tulisan yang tertutup.' },
      { title: 'Hadapkan lurus ke kamera', body: 'Isi bingkai dengan kartu. Terlalu jauh membuat hurufnya terlalu kecil.' },
      { title: 'Hindari pantulan', body: 'Bila ada bercak putih, miringkan kartu sedikit menjauhi lampu.' },
      { title: 'Tahan sebentar', body: 'Saat bingkai menutup, tahan kartu diam sampai muncul “Terbaca”.' },
    ],
  },
  selfie: {
    title: 'Supaya selfie cepat berhasil',
    tips: [
      { title: 'Wajah di dalam oval', body: 'Duduk atau berdiri tegak, lalu maju atau mundur sampai wajah mengisi oval.' },
      { title: 'Cahaya dari depan', body: 'Hadap ke lampu atau jendela. Cahaya dari belakang membuat wajah gelap.' },
      { title: 'Wajah tidak tertutup', body: 'Lepas masker dan kacamata hitam. Kerudung dan kacamata biasa boleh tetap dipakai.' },
      { title: 'Diam sebentar', body: 'Lihat ke kamera dan tahan sampai garis oval menutup. Gambar diambil sendiri.' },
    ],
  },
  review: {
    title: 'Memeriksa data',
    tips: [
      { title: 'Yang ditandai lebih dulu', body: 'Data bertanda “periksa” dibaca kurang yakin. Bandingkan dengan kartunya di sebelah kiri.' },
      { title: 'Ubah dengan F2', body: 'Enter berarti benar dan pindah ke berikutnya. F2 mengubah, Esc kembali.' },
      { title: 'Bacaan asli tetap tercatat', body: 'Koreksi Anda tidak menghapus yang dibaca; keduanya dikirim.' },
      { title: 'Data yang tidak cocok', body: 'NIK memuat tanggal lahir, jenis kelamin, dan wilayah. Bila berbeda, alasannya ditulis dan sering bisa diperbaiki sekali ketuk.' },
    ],
  },
  queue: {
    title: 'Antrean',
    tips: [
      { title: 'Tidak ada yang hilang', body: 'Setiap pengambilan disimpan terenkripsi sebelum dikirim, juga saat listrik padam.' },
      { title: 'Dikirim sendiri', body: 'Begitu online, berkas dikirim tanpa perlu ditekan. “Kirim sekarang” mempercepatnya.' },
      { title: 'Perlu tindakan', body: 'Mitra menolak berkas itu. Buka untuk melihat alasannya; perbaiki sebabnya lalu “Coba lagi”.' },
      { title: 'Membuang', body: 'Hanya dengan PIN dan alasan. Setelah itu gambar dan data tidak dapat dikembalikan.' },
    ],
  },
};

const topicsEn: Record<HelpTopic, { title: string; tips: Tip[] }> = {
  general: {
    title: 'How Loket works',
    tips: [
      { title: 'Have the original KTP ready', body: 'Take it out of the wallet and its sleeve. Photocopies and photos on a phone cannot be used.' },
      { title: 'Show it to the camera', body: 'Follow the one hint on the screen. The picture is taken by itself once the card is clear.' },
      { title: 'Check and send', body: 'The data are read on this computer, signed and sent encrypted. Without internet the file waits safely.' },
      { title: 'Stop at any time', body: 'Cancel wipes everything captured so far.' },
    ],
  },
  card: {
    title: 'How the card is read quickly',
    tips: [
      { title: 'Hold it at its edges', body: 'Pinch the rim with two fingers so that no text is covered.' },
      { title: 'Face the camera squarely', body: 'Fill the frame with the card. Too far away makes the letters too small.' },
      { title: 'Avoid reflections', body: 'If there is a white patch, tilt the card slightly away from the lamp.' },
      { title: 'Hold for a moment', body: 'While the frame closes, keep the card still until “Got it” appears.' },
    ],
  },
  selfie: {
    title: 'How the selfie works quickly',
    tips: [
      { title: 'Face inside the oval', body: 'Sit or stand upright, then move forward or back until your face fills the oval.' },
      { title: 'Light from the front', body: 'Face a lamp or a window. Light from behind makes the face dark.' },
      { title: 'Nothing over the face', body: 'Take off a mask and sunglasses. A headscarf and ordinary glasses may stay on.' },
      { title: 'Keep still for a moment', body: 'Look at the camera and hold until the oval’s line has closed. The picture is taken by itself.' },
    ],
  },
  review: {
    title: 'Checking the data',
    tips: [
      { title: 'Marked ones first', body: 'Data marked “check” were read with less certainty. Compare them with the card on the left.' },
      { title: 'Change with F2', body: 'Enter means correct and goes to the next. F2 changes, Esc goes back.' },
      { title: 'What was read is kept', body: 'Your correction does not replace what was read; both are sent.' },
      { title: 'Data that disagree', body: 'A NIK holds birth date, sex and region. Where they differ the reason is written, and often one tap mends it.' },
    ],
  },
  queue: {
    title: 'The queue',
    tips: [
      { title: 'Nothing is lost', body: 'Every capture is saved encrypted before it is sent, power cuts included.' },
      { title: 'Sent by itself', body: 'Once online, files are sent without a press. “Send now” hurries it.' },
      { title: 'Needs you', body: 'The partner refused that file. Open it to see why; mend the cause, then “Try again”.' },
      { title: 'Discarding', body: 'Only with the PIN and a reason. Picture and data cannot be brought back afterwards.' },
    ],
  },
};

const id = { topics: topicsId, back: 'Mengerti, kembali' };
const en: typeof id = { topics: topicsEn, back: 'Understood, go back' };

export const help = { id, en };
