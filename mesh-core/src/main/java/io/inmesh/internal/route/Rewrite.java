package io.inmesh.internal.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.inmesh.model.HttpRewrite;
import io.inmesh.model.PathNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Compiled path rewrite.
 *
 * @param prefix replaces what the route's path condition matched; null when {@code pattern} is given
 */
record Rewrite(@Nullable String prefix, @Nullable Pattern pattern, String substitution) {
    static @Nullable Rewrite of(@Nullable HttpRewrite rewrite) {
        if (rewrite == null) {
            return null;
        }
        HttpRewrite.RegexRewrite regex = rewrite.uriRegex();
        if (regex != null) {
            return new Rewrite(null, Pattern.compile(regex.match()), regex.rewrite());
        }
        String uri = rewrite.uri();
        return uri == null || uri.isEmpty() ? null : new Rewrite(uri, null, "");
    }

    String apply(String pathAndQuery, PathMatcher matched) {
        int end = PathNormalization.pathEnd(pathAndQuery);
        if (pattern == null) {
            return prefix + pathAndQuery.substring(matched.matchedLength(end));
        }
        return replaceAll(pattern, pathAndQuery.substring(0, end)) + pathAndQuery.substring(end);
    }

    private String replaceAll(Pattern expression, String path) {
        Matcher matcher = expression.matcher(path);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (matcher.find()) {
            out.append(path, copied, matcher.start());
            substitute(matcher, out);
            copied = matcher.end();
        }
        return out.append(path, copied, path.length()).toString();
    }

    /** RE2's rewrite string: {@code \0} to {@code \9} are groups, {@code \\} is a backslash. */
    private void substitute(Matcher matcher, StringBuilder out) {
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c != '\\' || i + 1 == substitution.length()) {
                out.append(c);
                continue;
            }
            char next = substitution.charAt(++i);
            if (next >= '0' && next <= '9') {
                int group = next - '0';
                String text = group <= matcher.groupCount() ? matcher.group(group) : null;
                out.append(text == null ? "" : text);
            } else {
                out.append(next == '\\' ? "" : "\\").append(next);
            }
        }
    }
}
