//! The upper halves of ISO 8859-2 to 8859-9, which `\PB\` to `\PI\` choose for `\S\` in strings
//! (ISO 10303-21, 6.4.3.2). Part 1, `\PA\` and the default, is Unicode itself and needs no table.

/// The character at `byte` (0xA0 to 0xFF) of ISO 8859-`part`; places the standard leaves empty and
/// the control characters below 0xA0 keep their Latin-1 meaning or the replacement character.
pub(super) fn character(part: u8, byte: u8) -> char {
    let Some(place) = byte.checked_sub(0xA0) else {
        return char::from(byte);
    };
    let page = usize::from(part)
        .checked_sub(2)
        .and_then(|ix| PAGES.get(ix));
    match page {
        Some(page) => page
            .chars()
            .nth(usize::from(place))
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        None => char::from(byte),
    }
}

/// 96 characters each, from 0xA0, for parts 2 to 9.
const PAGES: [&str; 8] = [
    // Part 2.
    "\u{00A0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{00AD}ŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčé\
     ęëěíîďđńňóôőö÷řůúűüýţ˙",
    // Part 3.
    "\u{00A0}Ħ˘£¤�Ĥ§¨İŞĞĴ\u{00AD}�Ż°ħ²³´µĥ·¸ışğĵ½�żÀÁÂ�ÄĊĈÇÈÉÊËÌÍÎÏ�ÑÒÓÔĠÖ×ĜÙÚÛÜŬŜßàáâ�äċĉçèé\
     êëìíîï�ñòóôġö÷ĝùúûüŭŝ˙",
    // Part 4.
    "\u{00A0}ĄĸŖ¤ĨĻ§¨ŠĒĢŦ\u{00AD}Ž¯°ą˛ŗ´ĩļˇ¸šēģŧŊžŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎĪĐŅŌĶÔÕÖ×ØŲÚÛÜŨŪßāáâãäåæįčé\
     ęëėíîīđņōķôõö÷øųúûüũū˙",
    // Part 5.
    "\u{00A0}ЁЂЃЄЅІЇЈЉЊЋЌ\u{00AD}ЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщ\
     ъыьэюя№ёђѓєѕіїјљњћќ§ўџ",
    // Part 6.
    "\u{00A0}���¤�������\u{060C}\u{00AD}�������������\u{061B}���\u{061F}�\u{0621}\u{0622}\
     \u{0623}\u{0624}\u{0625}\u{0626}\u{0627}\u{0628}\u{0629}\u{062A}\u{062B}\u{062C}\u{062D}\
     \u{062E}\u{062F}\u{0630}\u{0631}\u{0632}\u{0633}\u{0634}\u{0635}\u{0636}\u{0637}\u{0638}\
     \u{0639}\u{063A}�����\u{0640}\u{0641}\u{0642}\u{0643}\u{0644}\u{0645}\u{0646}\u{0647}\
     \u{0648}\u{0649}\u{064A}\u{064B}\u{064C}\u{064D}\u{064E}\u{064F}\u{0650}\u{0651}\u{0652}\
     �������������",
    // Part 7.
    "\u{00A0}‘’£€₯¦§¨©ͺ«¬\u{00AD}�―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ�ΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθι\
     κλμνξοπρςστυφχψωϊϋόύώ�",
    // Part 8.
    "\u{00A0}�¢£¤¥¦§¨©×«¬\u{00AD}®¯°±²³´µ¶·¸¹÷»¼½¾��������������������������������‗\u{05D0}\
     \u{05D1}\u{05D2}\u{05D3}\u{05D4}\u{05D5}\u{05D6}\u{05D7}\u{05D8}\u{05D9}\u{05DA}\u{05DB}\
     \u{05DC}\u{05DD}\u{05DE}\u{05DF}\u{05E0}\u{05E1}\u{05E2}\u{05E3}\u{05E4}\u{05E5}\u{05E6}\
     \u{05E7}\u{05E8}\u{05E9}\u{05EA}��\u{200E}\u{200F}�",
    // Part 9.
    "\u{00A0}¡¢£¤¥¦§¨©ª«¬\u{00AD}®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèé\
     êëìíîïğñòóôõö÷øùúûüışÿ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_whole() {
        for page in PAGES {
            assert_eq!(page.chars().count(), 96);
        }
        let cases = [
            (1, 0xE4, 'ä'),
            (2, 0xB9, 'š'),
            (5, 0xB4, 'Д'),
            (7, 0xE1, 'α'),
            (9, 0xDE, 'Ş'),
        ];
        for (part, byte, expected) in cases {
            assert_eq!(
                character(part, byte),
                expected,
                "ISO 8859-{part} {byte:02X}"
            );
        }
        assert_eq!(character(6, 0xA1), char::REPLACEMENT_CHARACTER);
        assert_eq!(character(5, 0x85), '\u{85}');
    }
}
