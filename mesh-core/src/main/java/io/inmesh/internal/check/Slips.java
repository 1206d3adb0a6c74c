package io.inmesh.internal.check;

import io.inmesh.internal.text.MessageText;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the host that was meant where a letter is wrong. Gives up after much comparing. Not thread-safe. */
final class Slips {
    private static final int MOST_COMPARISONS = 100_000;
    private static final int MOST_LOOKS = 10_000_000;

    private int comparisons;
    private int looks;

    /** The one of some names of which a host is a slip of one letter; null when there is none. */
    @Nullable
    String meant(String host, List<Collection<String>> names) {
        Set<String> candidates = new TreeSet<>();
        for (Collection<String> some : names) {
            looks += some.size();
            if (looks > MOST_LOOKS || comparisons > MOST_COMPARISONS) {
                return null;
            }
            for (String name : some) {
                if (isNear(host, name) && isSlip(host, name)) {
                    candidates.add(name);
                }
            }
        }
        comparisons += candidates.size();
        return MessageText.misspelt(host, candidates);
    }

    /** Whether at most two letters in one place differ; quick, for all the names that have nothing in common. */
    private static boolean isNear(String host, String name) {
        int shorter = Math.min(host.length(), name.length());
        int longer = Math.max(host.length(), name.length());
        if (longer - shorter > 1 || host.equals(name)) {
            return false;
        }
        int same = 0;
        while (same < shorter && host.charAt(same) == name.charAt(same)) {
            same++;
        }
        int end = 0;
        while (end < shorter - same && host.charAt(host.length() - 1 - end) == name.charAt(name.length() - 1 - end)) {
            end++;
        }
        return longer - same - end <= 2;
    }

    /** Names of variants differ in a number or a short ending on purpose: {@code cart-v1} and {@code cart-v2}. */
    private static boolean isSlip(String host, String name) {
        if (host.startsWith("*") || name.startsWith("*") || label(host).length() < 4 && !sameLabel(host, name)) {
            return false;
        }
        if (host.replaceAll("[0-9]", "").equals(name.replaceAll("[0-9]", ""))) {
            return false;
        }
        String ending = ending(host);
        String other = ending(name);
        return ending.isEmpty() && other.isEmpty() || ending.equals(other) || ending.length() > 2 && other.length() > 2;
    }

    private static boolean sameLabel(String host, String name) {
        return label(host).equals(label(name));
    }

    private static String label(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String ending(String host) {
        String label = label(host);
        return label.substring(label.lastIndexOf('-') + 1).equals(label)
                ? ""
                : label.substring(label.lastIndexOf('-') + 1);
    }
}
