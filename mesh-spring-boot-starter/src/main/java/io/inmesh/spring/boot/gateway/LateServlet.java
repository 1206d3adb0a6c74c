package io.inmesh.spring.boot.gateway;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A servlet that is made when the first request comes, of things that nobody knows before the container has started. */
public final class LateServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<HttpServlet> maker;
    private transient volatile @Nullable HttpServlet made;

    /** Makes the servlet. */
    public LateServlet(Supplier<HttpServlet> maker) {
        this.maker = maker;
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        HttpServlet servlet = made;
        (servlet == null ? make() : servlet).service(request, response);
    }

    private synchronized HttpServlet make() throws ServletException {
        HttpServlet servlet = made;
        if (servlet == null) {
            servlet = maker.get();
            servlet.init(getServletConfig());
            made = servlet;
        }
        return servlet;
    }

    @Override
    public synchronized void destroy() {
        HttpServlet servlet = made;
        if (servlet != null) {
            servlet.destroy();
        }
    }
}
