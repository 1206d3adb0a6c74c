package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * Syntax of host names, DNS labels and Kubernetes labels as Istio's validation has it (pkg/config/labels and
 * pkg/config/validation/agent). Methods that return text answer null when the name is fine, else what is wrong with it.
 */
final class NameRules {
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_KEY_PREFIX = 253;

    private NameRules() {}

    /** One part of a DNS name: letters, digits and inner dashes, at most 63. */
    static boolean isDnsLabel(String text) {
        if (text.isEmpty() || text.length() > LONGEST_LABEL) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = i > 0 && i < text.length() - 1;
            if (!isAlphanumeric(c) && !(inner && c == '-')) {
                return false;
            }
        }
        return true;
    }

    /** A host name without wildcard; short names too. */
    static @Nullable String hostProblem(String host) {
        String problem = lengthProblem(host);
        return problem != null ? problem : labelsProblem(host);
    }

    /** A host name whose first label may be or begin with a star. */
    static @Nullable String wildcardHostProblem(String host) {
        String problem = lengthProblem(host);
        if (problem != null) {
            return problem;
        }
        int dot = host.indexOf('.');
        String first = dot < 0 ? host : host.substring(0, dot);
        if (!isWildcardLabel(first)) {
            return "the part " + MessageText.quote(first) + " is not allowed in a host name";
        }
        return dot < 0 ? null : labelsProblem(host.substring(dot + 1));
    }

    /** A star that is not the whole first label: {@code *foo.com}. */
    static boolean isPartialWildcard(String host) {
        return host.indexOf('*') >= 0 && host.length() != 1 && !host.startsWith("*.");
    }

    /** Key of a Kubernetes label: an optional DNS name with slash, then a name. */
    static boolean isLabelKey(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            return isQualifiedName(key) && key.length() <= LONGEST_LABEL;
        }
        String prefix = key.substring(0, slash);
        String name = key.substring(slash + 1);
        if (prefix.length() > LONGEST_KEY_PREFIX || name.length() > LONGEST_LABEL || !isQualifiedName(name)) {
            return false;
        }
        for (String part : prefix.split("\\.", -1)) {
            if (!isDnsWord(part)) {
                return false;
            }
        }
        return true;
    }

    /** Value of a Kubernetes label; may be empty. */
    static boolean isLabelValue(String value) {
        return value.isEmpty() || isQualifiedName(value);
    }

    private static @Nullable String lengthProblem(String host) {
        if (host.isEmpty()) {
            return "a host name must not be empty";
        }
        return host.length() > LONGEST_NAME ? "a host name has at most " + LONGEST_NAME + " characters" : null;
    }

    /** The last label may be empty: {@code example.com.} */
    private static @Nullable String labelsProblem(String host) {
        String[] labels = host.split("\\.", -1);
        String last = labels[labels.length - 1];
        if (!last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return "the last part " + MessageText.quote(last) + " of a host name must not be a number";
        }
        for (int i = 0; i < labels.length; i++) {
            boolean trailingDot = i == labels.length - 1 && labels[i].isEmpty();
            if (!trailingDot && !isDnsLabel(labels[i])) {
                return "the part " + MessageText.quote(labels[i]) + " is not allowed in a host name";
            }
        }
        return null;
    }

    private static boolean isWildcardLabel(String label) {
        if (label.length() > LONGEST_LABEL) {
            return false;
        }
        if (!label.startsWith("*")) {
            return isDnsLabel(label);
        }
        String rest = label.substring(label.startsWith("*-") ? 2 : 1);
        return label.equals("*") || isDnsLabel(rest);
    }

    private static boolean isQualifiedName(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = i > 0 && i < name.length() - 1;
            if (!isAlphanumeric(c) && !(inner && (c == '-' || c == '_' || c == '.'))) {
                return false;
            }
        }
        return true;
    }

    /** A DNS label of any length. */
    private static boolean isDnsWord(String text) {
        if (text.isEmpty() || !isAlphanumeric(text.charAt(0)) || !isAlphanumeric(text.charAt(text.length() - 1))) {
            return false;
        }
        return text.chars().allMatch(c -> isAlphanumeric((char) c) || c == '-');
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
