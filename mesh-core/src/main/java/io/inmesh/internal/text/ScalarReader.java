package io.inmesh.internal.text;

import io.inmesh.internal.text.MessageType.Field;
import io.inmesh.internal.text.Tree.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one scalar as the type its field wants. */
final class ScalarReader {
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    /** No number that a field takes has more digits; bounds the work on a long one. */
    private static final int MOST_DIGITS = 40;

    private final ProblemList problems;
    private final Field field;
    private final Place place;

    ScalarReader(ProblemList problems, Field field, Place place) {
        this.problems = problems;
        this.field = field;
        this.place = place;
    }

    /** The value, or null after a problem. */
    @Nullable
    Object read(Scalar scalar) {
        return switch (field.kind()) {
            case STRING -> string(scalar);
            case BYTES -> bytes(scalar);
            case BOOL -> bool(scalar);
            case INT32 -> integer(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32 -> integer(scalar, 0, 0xFFFF_FFFFL);
            case UINT64 -> integer(scalar, 0, Long.MAX_VALUE);
            case DOUBLE -> fraction(scalar);
            case DURATION -> duration(scalar);
            case ENUM -> choice(scalar);
            case MESSAGE -> throw new IllegalStateException("a message is no scalar");
        };
    }

    private @Nullable String string(Scalar scalar) {
        if (scalar.kind() == Tree.Kind.STRING) {
            return scalar.text();
        }
        wrongType(scalar, "put it in quotes: " + MessageText.quote(scalar.text()));
        return null;
    }

    private byte @Nullable [] bytes(Scalar scalar) {
        String text = string(scalar);
        if (text == null) {
            return null;
        }
        String digits = text.replace("\n", "").replace("\r", "");
        try {
            // Java does without the padding, Go does not.
            if (digits.length() % 4 == 0) {
                return Base64.getDecoder().decode(digits);
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        problems.error(
                place, field.name() + " is not base64", "encode the bytes as base64, or use \"string\" for text");
        return null;
    }

    private @Nullable Boolean bool(Scalar scalar) {
        if (scalar.kind() == Tree.Kind.BOOL) {
            return ScalarKinds.isTrue(scalar.text());
        }
        if (scalar.kind() == Tree.Kind.BOOL_IN_YAML_1_1) {
            boolean value = ScalarKinds.isTrue(scalar.text());
            problems.warning(
                    place,
                    scalar.text() + " is a boolean in YAML 1.1 only; it is read as " + value + ", as Kubernetes does",
                    "write " + value);
            return value;
        }
        wrongType(scalar, "write true or false, without quotes");
        return null;
    }

    private @Nullable Long integer(Scalar scalar, long least, long most) {
        BigInteger value = null;
        switch (scalar.kind()) {
            case INT, FLOAT, STRING -> value = wholeNumber(scalar);
            default -> {}
        }
        if (value == null) {
            wrongType(
                    scalar, scalar.kind() == Tree.Kind.FLOAT ? shorten(scalar.text()) : kindOf(scalar), wholeNumbers());
            return null;
        }
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            problems.error(place, field.name() + " is " + shorten(scalar.text()) + ", out of range", wholeNumbers());
            return null;
        }
        return value.longValue();
    }

    private String wholeNumbers() {
        return "write a whole number from " + field.range().least() + " to "
                + field.range().most();
    }

    /** Also quoted digits, as protobuf's JSON form has them, and fractions without a fraction such as 5.0. */
    private static @Nullable BigInteger wholeNumber(Scalar scalar) {
        String text = scalar.text();
        if (scalar.kind() == Tree.Kind.STRING) {
            text = text.strip();
            if (ScalarKinds.ofPlain(text) != Tree.Kind.INT || text.startsWith("0x") || text.startsWith("0o")) {
                return null;
            }
        }
        if (text.length() > MOST_DIGITS) {
            return MAX_LONG.add(BigInteger.ONE);
        }
        if (scalar.kind() == Tree.Kind.FLOAT) {
            double value = Double.parseDouble(plainFloat(text));
            return Math.rint(value) == value && Math.abs(value) < 1e18
                    ? BigDecimal.valueOf(value).toBigInteger()
                    : null;
        }
        return ofInt(text);
    }

    private static BigInteger ofInt(String text) {
        if (text.startsWith("0x")) {
            return new BigInteger(text.substring(2), 16);
        }
        return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }

    private @Nullable Double fraction(Scalar scalar) {
        String text = scalar.kind() == Tree.Kind.STRING ? scalar.text().strip() : scalar.text();
        Tree.Kind kind = scalar.kind() == Tree.Kind.STRING ? ScalarKinds.ofPlain(text) : scalar.kind();
        if (text.length() > MOST_DIGITS || (kind != Tree.Kind.INT && kind != Tree.Kind.FLOAT)) {
            wrongType(scalar, "write a number such as 12.5");
            return null;
        }
        double value = kind == Tree.Kind.INT ? ofInt(text).doubleValue() : Double.parseDouble(plainFloat(text));
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            wrongType(scalar, scalar.text(), "write a finite number such as 12.5");
            return null;
        }
        return value;
    }

    /** YAML's names of the numbers that are none, in Java's words. */
    private static String plainFloat(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.endsWith(".inf")) {
            return lower.startsWith("-") ? "-Infinity" : "Infinity";
        }
        return lower.equals(".nan") ? "NaN" : text;
    }

    private @Nullable Duration duration(Scalar scalar) {
        if (scalar.kind() != Tree.Kind.STRING) {
            wrongType(scalar, "write it with a unit, such as 5s or 250ms");
            return null;
        }
        Duration duration = GoDuration.parse(scalar.text());
        if (duration == null) {
            boolean tooLong = GoDuration.isTooLong(scalar.text());
            problems.error(
                    place,
                    MessageText.quote(scalar.text())
                            + (tooLong ? " is longer than a duration can be" : " is not a duration"),
                    tooLong
                            ? "write a shorter one; 292 years are the most"
                            : "write numbers with units h, m, s or ms, such as 1.5s or 1h30m");
        }
        return duration;
    }

    private @Nullable String choice(Scalar scalar) {
        List<String> values = field.values();
        if (scalar.kind() == Tree.Kind.INT) {
            BigInteger number = wholeNumber(scalar);
            if (number != null && number.signum() >= 0 && number.compareTo(BigInteger.valueOf(values.size())) < 0) {
                return values.get(number.intValue());
            }
        }
        if (values.contains(scalar.text())) {
            return scalar.text();
        }
        problems.error(
                place,
                MessageText.quote(scalar.text()) + " is not a value of " + field.name(),
                MessageText.didYouMean(scalar.text(), values, "write one of " + String.join(", ", values)));
        return null;
    }

    private void wrongType(Scalar scalar, String fix) {
        wrongType(scalar, kindOf(scalar), fix);
    }

    private void wrongType(Scalar scalar, String is, String fix) {
        String what = switch (scalar.kind()) {
            case BOOL_IN_YAML_1_1, NUMBER_IN_YAML_1_1 -> "this (" + shorten(scalar.text()) + ", unquoted) is ";
            default -> "this is ";
        };
        problems.error(place, field.name() + " must be " + field.kind().words() + ", " + what + is, fix);
    }

    private static String kindOf(Scalar scalar) {
        return scalar.kind().words();
    }

    private static String shorten(String text) {
        return text.length() <= MOST_DIGITS ? text : text.substring(0, MOST_DIGITS) + "…";
    }
}
