package io.inmesh.samples.bookinfo.productpage;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.samples.bookinfo.web.CallNote;
import io.inmesh.samples.bookinfo.web.CallNotes;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page for people, and the sign-in. */
@Controller
class PageController {
    private static final URI PAGE = URI.create("/productpage");

    private final Bookshelf bookshelf;
    private final CallNotes notes;
    private final ProductPage page;
    private final Mesh mesh;

    PageController(Bookshelf bookshelf, CallNotes notes, ProductPage page, Mesh mesh) {
        this.bookshelf = bookshelf;
        this.notes = notes;
        this.page = page;
        this.mesh = mesh;
    }

    @GetMapping("/productpage")
    ResponseEntity<String> page(HttpServletRequest request) {
        String productId = Integer.toString(Product.THE_BOOK.id());
        Answer<BookDetails> details = bookshelf.details(productId);
        Answer<BookReviews> reviews = bookshelf.reviews(productId);
        List<CallNote> calls = new ArrayList<>(notes.ofCurrentRequest());
        calls.addAll(notes.fromHeader(reviews.calls()));
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noStore())
                .body(page.render(
                        Product.THE_BOOK,
                        SignedInUser.name(request),
                        details,
                        reviews,
                        calls,
                        problems(ConfigProblem.Severity.ERROR),
                        problems(ConfigProblem.Severity.WARNING)));
    }

    @GetMapping({"/", "/index.html", "/login"})
    ResponseEntity<Void> toPage() {
        return redirect().build();
    }

    @PostMapping("/login")
    ResponseEntity<String> login(@RequestParam(defaultValue = "") String username) {
        String name = username.strip();
        if (!SignedInUser.isName(name)) {
            return ResponseEntity.badRequest()
                    .contentType(MediaType.TEXT_PLAIN)
                    .body("A user name has 1 to 64 printable ASCII characters; go back and try another.\n");
        }
        return redirect(SignedInUser.cookie(name)).build();
    }

    @GetMapping("/logout")
    ResponseEntity<Void> logout() {
        return redirect(SignedInUser.noCookie()).build();
    }

    private List<String> problems(ConfigProblem.Severity severity) {
        return mesh.status().problems().stream()
                .filter(problem -> problem.severity() == severity)
                .map(ConfigProblem::toString)
                .toList();
    }

    private static ResponseEntity.BodyBuilder redirect(ResponseCookie... cookies) {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(HttpStatus.FOUND).location(PAGE);
        for (ResponseCookie cookie : cookies) {
            response.header(HttpHeaders.SET_COOKIE, cookie.toString());
        }
        return response;
    }
}
