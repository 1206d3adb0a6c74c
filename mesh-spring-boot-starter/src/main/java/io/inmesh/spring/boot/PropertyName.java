package io.inmesh.spring.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * A property's name as its source has it, cut into elements.
 *
 * @param written the whole name
 */
record PropertyName(String written, List<Element> elements) {
    /**
     * One element.
     *
     * @param bracketed whether it stood in brackets, which keeps every character of it
     */
    record Element(String text, boolean bracketed) {
        boolean isIndex() {
            return bracketed
                    && !text.isEmpty()
                    && text.length() < 8
                    && text.chars().allMatch(ch -> ch >= '0' && ch <= '9');
        }

        /** Whether relaxed binding leaves the text as it is when it becomes the key of a map. */
        boolean survivesAsKey() {
            return bracketed || isPlain(text);
        }
    }

    /** Cuts at dots outside of brackets. */
    static PropertyName parse(String name) {
        List<Element> elements = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char ch = name.charAt(i);
            int close = ch == '[' ? name.indexOf(']', i) : -1;
            if (ch == '.') {
                flush(current, elements);
            } else if (close > 0) {
                flush(current, elements);
                elements.add(new Element(name.substring(i + 1, close), true));
                i = close;
            } else {
                current.append(ch);
            }
        }
        flush(current, elements);
        return new PropertyName(name, List.copyOf(elements));
    }

    /** The path of a map's entry, in the form in which a user has to write it. */
    static String entry(String map, String key) {
        return isPlain(key) ? map + "." + key : map + "[" + key + "]";
    }

    private static void flush(StringBuilder current, List<Element> elements) {
        if (!current.isEmpty()) {
            elements.add(new Element(current.toString(), false));
            current.setLength(0);
        }
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.charAt(0) != '-'
                && text.chars()
                        .allMatch(ch -> (ch >= 'a' && ch <= 'z')
                                || (ch >= 'A' && ch <= 'Z')
                                || (ch >= '0' && ch <= '9')
                                || ch == '-'
                                || ch == '_');
    }
}
