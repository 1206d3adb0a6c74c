package io.inmesh.spring.boot;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.inmesh.model.HeaderName;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.StringMatch;
import io.inmesh.spring.boot.ServiceProperties.HeaderCondition;
import io.inmesh.spring.boot.ServiceProperties.Match;
import io.inmesh.spring.boot.ServiceProperties.PathCondition;
import io.inmesh.spring.boot.ServiceProperties.QueryCondition;
import io.inmesh.spring.boot.ServiceProperties.TextCondition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles the conditions of the short form. */
final class ShortMatches {
    /** Istio's limit on the length of an expression. */
    private static final int MAX_REGEX = 1024;

    private static final String CHOICE = "give exactly one of ";

    private final PropertyProblems problems;

    ShortMatches(PropertyProblems problems) {
        this.problems = problems;
    }

    List<HttpMatchRequest> compile(List<Match> alternatives, String path) {
        List<HttpMatchRequest> compiled = new ArrayList<>();
        for (int i = 0; i < alternatives.size(); i++) {
            compiled.add(match(alternatives.get(i), path + "[" + i + "]"));
        }
        return compiled;
    }

    private HttpMatchRequest match(Match match, String path) {
        Map<String, StringMatch> headers = new LinkedHashMap<>();
        Map<String, StringMatch> withoutHeaders = new LinkedHashMap<>();
        for (int i = 0; i < match.headers().size(); i++) {
            header(match.headers().get(i), path + ".headers[" + i + "]", headers, withoutHeaders);
        }
        Map<String, StringMatch> query = new LinkedHashMap<>();
        for (int i = 0; i < match.query().size(); i++) {
            query(match.query().get(i), path + ".query[" + i + "]", query);
        }
        if (match.port() != null) {
            problems.portInRange(match.port(), path + ".port");
        }
        PathCondition uri = match.path();
        TextCondition authority = match.authority();
        return HttpMatchRequest.builder()
                .uri(uri == null ? null : text(uri.exact(), uri.prefix(), uri.regex(), null, path + ".path"))
                .scheme(match.scheme() == null ? null : new StringMatch.Exact(match.scheme()))
                .method(match.method() == null ? null : new StringMatch.Exact(match.method()))
                .authority(
                        authority == null
                                ? null
                                : text(
                                        authority.exact(),
                                        authority.prefix(),
                                        authority.regex(),
                                        null,
                                        path + ".authority"))
                .headers(headers)
                .withoutHeaders(withoutHeaders)
                .queryParams(query)
                .port(match.port() == null ? 0 : match.port())
                .sourceLabels(match.sourceLabels())
                .sourceNamespace(match.sourceNamespace())
                .ignoreUriCase(uri != null && uri.ignoreCase())
                .origin(problems.place(path))
                .build();
    }

    private void header(
            HeaderCondition header,
            String path,
            Map<String, StringMatch> headers,
            Map<String, StringMatch> withoutHeaders) {
        String name = problems.required(header.name(), path + ".name").toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !HeaderName.isValid(name)) {
            problems.error(path + ".name", "'" + name + "' is not a header name", "use " + HeaderName.CHARACTERS);
        }
        StringMatch condition = text(header.exact(), header.prefix(), header.regex(), header.present(), path);
        boolean absent = Boolean.FALSE.equals(header.present());
        Map<String, StringMatch> target = absent != header.not() ? withoutHeaders : headers;
        if (target.putIfAbsent(name, condition) != null) {
            problems.error(
                    path + ".name",
                    "the header '" + name + "' has a condition already",
                    "put both into one regex, or into two routes");
        }
    }

    private void query(QueryCondition parameter, String path, Map<String, StringMatch> query) {
        String name = problems.required(parameter.name(), path + ".name");
        if (Boolean.FALSE.equals(parameter.present())) {
            problems.error(
                    path + ".present",
                    "Istio's rules cannot ask for the absence of a query parameter",
                    "let an earlier route take the calls that have it");
        }
        StringMatch condition =
                text(parameter.exact(), parameter.prefix(), parameter.regex(), parameter.present(), path);
        if (query.putIfAbsent(name, condition) != null) {
            problems.error(
                    path + ".name",
                    "the parameter '" + name + "' has a condition already",
                    "put both into one regex, or into two routes");
        }
    }

    private StringMatch text(
            @Nullable String exact,
            @Nullable String prefix,
            @Nullable String regex,
            @Nullable Boolean present,
            String path) {
        List<StringMatch> given = new ArrayList<>();
        if (exact != null) {
            given.add(new StringMatch.Exact(exact));
        }
        if (prefix != null) {
            given.add(new StringMatch.Prefix(prefix));
        }
        if (regex != null) {
            regex(regex, path + ".regex");
            given.add(new StringMatch.Regex(regex));
        }
        if (present != null) {
            given.add(new StringMatch.Present());
        }
        if (given.size() != 1) {
            boolean named = path.contains(".headers[") || path.contains(".query[");
            problems.error(
                    path,
                    given.isEmpty() ? "no condition is given" : "several conditions are given",
                    CHOICE + (named ? "'exact', 'prefix', 'regex' and 'present'" : "'exact', 'prefix' and 'regex'"));
            return new StringMatch.Present();
        }
        return given.get(0);
    }

    /** Reports an expression that cannot be used. */
    void regex(String regex, String path) {
        if (regex.length() > MAX_REGEX) {
            problems.error(
                    path, "an expression has at most " + MAX_REGEX + " characters", "split it into several routes");
            return;
        }
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            problems.error(
                    path,
                    "'" + MessageText.shorten(regex) + "' is no RE2 expression: " + e.getDescription(),
                    "RE2 has no look-around and no back-references");
        }
    }
}
