package io.inmesh.internal.text;

import io.inmesh.internal.text.Tree.Kind;
import java.util.Set;

/**
 * Types of plain scalars by the YAML 1.2 core schema, written by hand so that a long scalar costs one pass and no
 * regular expression. Spellings that YAML 1.1 (and so Kubernetes) types differently get a kind of their own.
 */
final class ScalarKinds {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> BOOLS = Set.of("true", "True", "TRUE", "false", "False", "FALSE");
    private static final Set<String> BOOLS_1_1 =
            Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final Set<String> NOT_FINITE = Set.of(
            ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN");

    /** Digits that fit a long whatever they are. */
    private static final int LONGEST_PLAIN_KEY = 18;

    private ScalarKinds() {}

    static Kind ofPlain(String text) {
        if (text.length() <= 5) {
            if (NULLS.contains(text)) {
                return Kind.NULL;
            }
            if (BOOLS.contains(text)) {
                return Kind.BOOL;
            }
            if (BOOLS_1_1.contains(text)) {
                return Kind.BOOL_IN_YAML_1_1;
            }
            if (NOT_FINITE.contains(text)) {
                return Kind.FLOAT;
            }
        }
        char first = text.charAt(0);
        boolean mayBeNumber = isDigit(first) || first == '-' || first == '+' || first == '.';
        return mayBeNumber ? ofNumberLike(text) : Kind.STRING;
    }

    /**
     * Whether Kubernetes makes another text of this key: {@code y} becomes {@code true} there, {@code 010} becomes {@code
     * 8}, {@code 1.50} becomes {@code 1.5}.
     */
    static boolean isOtherKeyToKubernetes(Kind kind, String text) {
        return switch (kind) {
            case STRING, NULL -> false;
            case BOOL -> !text.equals("true") && !text.equals("false");
            case BOOL_IN_YAML_1_1, NUMBER_IN_YAML_1_1 -> true;
            case INT ->
                text.length() > LONGEST_PLAIN_KEY
                        || !Long.toString(longOf(text)).equals(text);
            case FLOAT -> text.length() > LONGEST_PLAIN_KEY || !isShortestFraction(text);
        };
    }

    /** What stands for another number is -1, which no other text stands for. */
    private static long longOf(String text) {
        return text.startsWith("0x") || text.startsWith("0o") ? -1 : Long.parseLong(text);
    }

    private static boolean isShortestFraction(String text) {
        if (NOT_FINITE.contains(text) || text.endsWith(".0")) {
            return false;
        }
        return Double.toString(Double.parseDouble(text)).equals(text);
    }

    /** Whether a boolean of YAML 1.1 means true. */
    static boolean isTrue(String text) {
        return switch (text.charAt(0)) {
            case 'y', 'Y', 't', 'T' -> true;
            case 'o', 'O' -> text.length() == 2;
            default -> false;
        };
    }

    private static Kind ofNumberLike(String text) {
        int start = isDigit(text.charAt(0)) || text.charAt(0) == '.' ? 0 : 1;
        if (start == text.length()) {
            return Kind.STRING;
        }
        if (text.startsWith("0x", start)) {
            return start == 0 && all(text, 2, "0123456789abcdefABCDEF") ? Kind.INT : Kind.STRING;
        }
        if (text.startsWith("0o", start)) {
            return start == 0 && all(text, 2, "01234567") ? Kind.INT : Kind.STRING;
        }
        if (text.startsWith("0b", start)) {
            return all(text, start + 2, "01") ? Kind.NUMBER_IN_YAML_1_1 : Kind.STRING;
        }
        int digits = skipDigits(text, start);
        if (digits == text.length()) {
            boolean octalIn11 = digits - start > 1 && text.charAt(start) == '0' && all(text, start, "01234567");
            return octalIn11 ? Kind.NUMBER_IN_YAML_1_1 : Kind.INT;
        }
        if (text.charAt(digits) == '_') {
            return digits > start && all(text, start, "0123456789_") ? Kind.NUMBER_IN_YAML_1_1 : Kind.STRING;
        }
        return isFraction(text, start, digits) ? Kind.FLOAT : Kind.STRING;
    }

    /** Core schema: {@code (\.[0-9]+ | [0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?}. */
    private static boolean isFraction(String text, int start, int digits) {
        int at = digits;
        if (at < text.length() && text.charAt(at) == '.') {
            int end = skipDigits(text, at + 1);
            if (digits == start && end == at + 1) {
                return false;
            }
            at = end;
        } else if (digits == start) {
            return false;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            int end = skipDigits(text, at);
            return end > at && end == text.length();
        }
        return at == text.length();
    }

    private static int skipDigits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean all(String text, int from, String alphabet) {
        if (from == text.length()) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (alphabet.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
