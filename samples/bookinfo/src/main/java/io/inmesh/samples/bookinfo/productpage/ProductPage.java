package io.inmesh.samples.bookinfo.productpage;

import io.inmesh.samples.bookinfo.productpage.BookReviews.Rating;
import io.inmesh.samples.bookinfo.productpage.BookReviews.Review;
import io.inmesh.samples.bookinfo.web.CallNote;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** Draws the page: one file of HTML that needs nothing else. */
@Component
class ProductPage {
    private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");
    private static final int MOST_STARS = 5;

    private final String template;

    ProductPage() {
        try (InputStream html = Objects.requireNonNull(ProductPage.class.getResourceAsStream("productpage.html"))) {
            template = new String(html.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The page.
     *
     * @param user who is signed in, null for nobody
     * @param calls what became of the calls, in order
     * @param errors what is wrong with rules that the mesh does not take as they are; empty when nothing is
     * @param warnings what may be wrong with rules that are in force; empty when nothing is
     */
    String render(
            Product product,
            @Nullable String user,
            Answer<BookDetails> details,
            Answer<BookReviews> reviews,
            List<CallNote> calls,
            List<String> errors,
            List<String> warnings) {
        return fill(Map.of(
                "title", text(product.title()),
                "description", product.descriptionHtml(),
                "account", account(user),
                "problems",
                        problems(
                                        "bad",
                                        "Rules have errors; for what is refused the last good ones stay in force",
                                        errors)
                                + problems("warned", "Rules are in force, with warnings", warnings),
                "details", details(details),
                "reviews", reviews(reviews),
                "calls", calls(calls)));
    }

    private String fill(Map<String, String> slots) {
        return SLOT.matcher(template)
                .replaceAll(slot -> Matcher.quoteReplacement(Objects.requireNonNull(slots.get(slot.group(1)))));
    }

    private static String account(@Nullable String user) {
        return user == null ? """
                <form class="account" method="post" action="/login">
                      <label for="username">Sign in as</label>
                      <input id="username" name="username" placeholder="jason" autocomplete="off" required maxlength="64">
                      <button class="button">Sign in</button>
                    </form>""" : """
                <p class="account">Signed in as <b>%s</b> <a class="button quiet" href="/logout">Sign out</a></p>""".formatted(text(user));
    }

    private static String problems(String kind, String heading, List<String> problems) {
        return problems.isEmpty()
                ? ""
                : "<div class=\"%s problems\" role=\"alert\"><h3>%s</h3>%s</div>"
                        .formatted(
                                kind,
                                heading,
                                problems.stream()
                                        .map(problem -> "<p><code>" + text(problem) + "</code></p>")
                                        .collect(Collectors.joining()));
    }

    private static String details(Answer<BookDetails> answer) {
        BookDetails book = answer.body();
        if (book == null) {
            return error("Error fetching product details!", answer.apology());
        }
        return """
                <dl>
                        <dt>Author</dt><dd>%s</dd>
                        <dt>Year</dt><dd>%d</dd>
                        <dt>Type</dt><dd>%s</dd>
                        <dt>Pages</dt><dd>%d</dd>
                        <dt>Publisher</dt><dd>%s</dd>
                        <dt>Language</dt><dd>%s</dd>
                        <dt>ISBN-10</dt><dd>%s</dd>
                        <dt>ISBN-13</dt><dd>%s</dd>
                      </dl>
                      %s""".formatted(
                        text(book.author()),
                        book.year(),
                        text(book.type()),
                        book.pages(),
                        text(book.publisher()),
                        text(book.language()),
                        text(book.isbn10()),
                        text(book.isbn13()),
                        from("", answer));
    }

    private static String reviews(Answer<BookReviews> answer) {
        BookReviews reviews = answer.body();
        if (reviews == null) {
            return error("Error fetching product reviews!", answer.apology());
        }
        return reviews.reviews().stream().map(ProductPage::review).collect(Collectors.joining("\n      ")) + "\n      "
                + from(stars(reviews), answer);
    }

    private static String review(Review review) {
        return """
                <blockquote>
                        <p>%s</p>
                        <footer>%s<cite>%s</cite></footer>
                      </blockquote>""".formatted(text(review.text()), rating(review.rating()), text(review.reviewer()));
    }

    private static String rating(@Nullable Rating rating) {
        if (rating == null) {
            return "";
        }
        Integer stars = rating.stars();
        if (stars == null) {
            return "<span class=\"bad\">%s</span> ".formatted(text(Objects.requireNonNullElse(rating.error(), "")));
        }
        String color = "red".equals(rating.color()) ? "red" : "black";
        String row = IntStream.range(0, MOST_STARS)
                .mapToObj(index ->
                        index < stars ? "<svg class=\"on\" viewBox=\"0 0 24 24\">" : "<svg viewBox=\"0 0 24 24\">")
                .map(
                        svg -> svg
                                + "<path d=\"M12 1.8l3.1 6.6 7.1 1-5.2 5 1.3 7.2L12 18.1l-6.3 3.5L7 14.4l-5.2-5 7.1-1z\"/></svg>")
                .collect(Collectors.joining());
        return "<span class=\"stars %s\" role=\"img\" aria-label=\"%d of %d %s stars\">%s</span> "
                .formatted(color, stars, MOST_STARS, color, row);
    }

    private static String stars(BookReviews reviews) {
        return reviews.reviews().stream()
                .map(Review::rating)
                .filter(Objects::nonNull)
                .map(rating -> rating.color() == null ? "no ratings" : rating.color() + " stars")
                .findFirst()
                .orElse("no stars");
    }

    private static String from(String what, Answer<?> answer) {
        return answer.instance().isEmpty()
                ? ""
                : "<p class=\"from\">Answered by <b>%s</b>%s</p>"
                        .formatted(text(answer.instance()), what.isEmpty() ? "" : ", " + text(what));
    }

    private static String error(String heading, String apology) {
        return "<div class=\"bad\" role=\"alert\"><h3>%s</h3><p>%s</p></div>".formatted(heading, text(apology));
    }

    private static String calls(List<CallNote> calls) {
        String rows = calls.stream().map(ProductPage::row).collect(Collectors.joining("\n        "));
        return """
                <div class="scroll"><table>
                        <tr><th>Call</th><th>Rule</th><th>Went to</th><th>Answer</th><th></th></tr>
                        %s
                      </table></div>""".formatted(rows);
    }

    private static String row(CallNote call) {
        return "<tr><td class=\"nowrap\">%s<small>from %s</small></td><td>%s<small>%s</small></td>"
                        .formatted(
                                text(Objects.requireNonNullElse(
                                        URI.create(call.url()).getHost(), call.url())),
                                text(call.from()),
                                text(call.rule()),
                                text(call.reason()))
                + "<td><code>%s</code></td><td>%s</td><td class=\"nowrap\"><a href=\"%s\">explain</a></td></tr>"
                        .formatted(
                                call.cluster().isEmpty() ? "nowhere" : text(call.cluster()),
                                text(call.answer()),
                                text(call.explain()));
    }

    private static String text(String raw) {
        return HtmlUtils.htmlEscape(raw, StandardCharsets.UTF_8.name());
    }
}
