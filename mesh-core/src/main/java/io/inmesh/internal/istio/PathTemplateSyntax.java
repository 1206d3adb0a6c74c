package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageText;
import org.jspecify.annotations.Nullable;

/** Paths of an AuthorizationPolicy with {@code {*}} and {@code {**}} (Istio: security.CheckValidPathTemplate). */
final class PathTemplateSyntax {
    private static final String ONE = "{*}";
    private static final String ANY = "{**}";

    /** What may stand in a part beside letters and digits. */
    private static final String MARKS = "-._~%!$&'()+,;:@=";

    private PathTemplateSyntax() {}

    static boolean isTemplate(String path) {
        return path.contains(ONE) || path.contains(ANY);
    }

    /** What is wrong with a path, template or not; null when nothing is. */
    static @Nullable String problem(String path) {
        boolean template = isTemplate(path);
        boolean any = false;
        for (String part : trimmed(path).split("/", -1)) {
            if (part.equals(ONE) || part.equals(ANY)) {
                if (any) {
                    return "{**} is not the last of the template " + MessageText.quote(path);
                }
                any = part.equals(ANY);
            } else if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
                return MessageText.quote(part) + " is not a part of a path or a template";
            } else if (template && !isLiteral(part)) {
                return MessageText.quote(part) + " is not a part of a template";
            }
        }
        return null;
    }

    private static String trimmed(String path) {
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(start, end);
    }

    private static boolean isLiteral(String part) {
        return !part.isEmpty()
                && part.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || MARKS.indexOf(c) >= 0);
    }
}
