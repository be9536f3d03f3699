"""Wrong answers to the exercises of lesson 07, as students would write them."""

import math

import numpy as np

import lecture_lib as ll

# ------------------------------------------------------------------ gradient_descent


def loop_of_the_slide(gradient, theta0, learning_rate, stop, max_steps):
    s = 0
    theta = theta0
    while s < max_steps:
        theta_next = theta - learning_rate * gradient(theta)
        if stop(theta, theta_next, s + 1):
            return theta
        theta = theta_next
        s = s + 1
    return theta


def loop_of_the_slide_from_0(gradient, theta0, learning_rate, stop, max_steps):
    s = 0
    theta = theta0
    while s < max_steps:
        theta_next = theta - learning_rate * gradient(theta)
        if stop(theta, theta_next, s):
            return theta
        theta = theta_next
        s = s + 1
    return theta


def loop_counts_before_it_asks_twice(gradient, theta0, learning_rate, stop, max_steps):
    theta, step = theta0, 1
    while step < max_steps:
        new = theta - learning_rate * gradient(theta)
        if stop(theta, new, step):
            return new
        theta = new
        step += 1
    return theta


def loop_with_the_first_gradient(gradient, theta0, learning_rate, stop, max_steps):
    g = gradient(theta0)
    theta = theta0
    for step in range(1, max_steps + 1):
        new = theta - learning_rate * g
        if stop(theta, new, step):
            return new
        theta = new
    return theta


def loop_in_place(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        old = theta
        theta -= learning_rate * gradient(theta)
        if stop(old, theta, step):
            return theta
    return theta


def loop_in_place_with_a_copy_of_before(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        old = theta.copy()
        theta -= learning_rate * gradient(theta)
        if stop(old, theta, step):
            break
    return theta


def loop_does_not_ask_at_the_end(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if step < max_steps and stop(before, theta, step):
            break
    return theta


def loop_ends_before_it_asks(gradient, theta0, learning_rate, stop, max_steps):
    theta, step = theta0, 0
    while True:
        before = theta
        theta = before - learning_rate * gradient(before)
        step += 1
        if step == max_steps or stop(before, theta, step):
            return theta


def loop_asks_at_its_top(gradient, theta0, learning_rate, stop, max_steps):
    theta = before = theta0
    for step in range(1, max_steps + 1):
        if step > 1 and stop(before, theta, step - 1):
            break
        before = theta
        theta = before - learning_rate * gradient(before)
    return theta


def loop_asks_twice(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if stop(before, theta, step) or stop(before, theta, step):
            break
    return theta


def loop_asks_and_looks(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        stop(before, theta, step)
        if stop(before, theta, step):
            break
    return theta


def loop_without_stop(gradient, theta0, learning_rate, stop, max_steps):
    for _ in range(max_steps):
        theta0 = theta0 - learning_rate * gradient(theta0)
    return theta0


def loop_asks_and_ignores(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        new = theta - learning_rate * gradient(theta)
        stop(theta, new, step)
        theta = new
    return theta


def loop_returns_in_the_first_turn(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        new = theta - learning_rate * gradient(theta)
        if stop(theta, new, step):
            return new
        else:
            theta = new
        return theta


def loop_returns_in_the_loop_under_a_break(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if stop(before, theta, step):
            break
        return theta


def loop_returns_where_it_should_go_on(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if not stop(before, theta, step):
            return theta


def loop_until_stop_alone(gradient, theta0, learning_rate, stop, max_steps):
    theta, step = theta0, 1
    new = theta - learning_rate * gradient(theta)
    while not stop(theta, new, step):
        step += 1
        theta = new
        new = theta - learning_rate * gradient(theta)
    return new


def loop_forgets_to_count(gradient, theta0, learning_rate, stop, max_steps):
    s = 0
    theta = theta0
    while s < max_steps:
        new = theta - learning_rate * gradient(theta)
        if stop(theta, new, s + 1):
            return new
        theta = new
    return theta


def loop_with_the_slides_letters(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for s in range(1, max_steps + 1):
        new = theta - eta * gradient(theta)  # noqa: F821
        if stop(theta, new, s):
            return new
        theta = new
    return theta


def loop_stops_without_arguments(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for _ in range(max_steps):
        theta = theta - learning_rate * gradient(theta)
        if stop():
            return theta
    return theta


def loop_each_coordinate(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0.copy()
    for step in range(1, max_steps + 1):
        before = theta.copy()
        for i in np.ndindex(theta.shape):
            theta[i] = theta[i] - learning_rate * gradient(theta)[i]
        if stop(before, theta, step):
            return theta
    return theta


def loop_gathers_gradients(gradient, theta0, learning_rate, stop, max_steps):
    theta, g = theta0, 0
    for step in range(1, max_steps + 1):
        before = theta
        g += gradient(theta)
        theta = theta - learning_rate * g
        if stop(before, theta, step):
            break
    return theta


def loop_prints_the_gradient(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        print("slope", np.linalg.norm(gradient(theta)))
        before, theta = theta, theta - learning_rate * gradient(theta)
        if stop(before, theta, step):
            break
    return theta


def loop_returns_the_gradient(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        g = gradient(theta)
        before, theta = theta, theta - learning_rate * g
        if stop(before, theta, step):
            break
    return g


def loop_in_a_list(gradient, theta0, learning_rate, stop, max_steps):
    path = [theta0]
    for step in range(1, max_steps + 1):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
        if stop(path[-2], path[-1], step):
            break
    return path


def loop_while_stop_is_not_called(gradient, theta0, learning_rate, stop, max_steps):
    theta, step = theta0, 0
    while step < max_steps and not stop:
        theta = theta - learning_rate * gradient(theta)
        step += 1
    return theta


def loop_of_the_library(gradient, theta0, learning_rate, stop, max_steps):
    return ll.gradient_descent(gradient, theta0, learning_rate, stop, max_steps)


def loop_prints_theta(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before, theta = theta, theta - learning_rate * gradient(theta)
        if stop(before, theta, step):
            break
    print(theta)


def loop_asks_before_the_update(gradient, theta0, learning_rate, stop, max_steps):
    theta = before = theta0
    for step in range(1, max_steps + 1):
        if stop(before, theta, step):
            break
        before, theta = theta, theta - learning_rate * gradient(theta)
    return theta


def loop_asks_for_half_precision(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0.astype(np.float16)
    for step in range(1, max_steps + 1):
        before, theta = theta, (theta - learning_rate * gradient(theta)).astype(np.float16)
        if stop(before, theta, step):
            break
    return theta


def loop_twice_as_fast(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = theta - learning_rate * gradient(theta) * 2
        if stop(before, theta, step):
            return theta
    return theta


def loop_behind_the_lists_end(gradient, theta0, learning_rate, stop, max_steps):
    thetas = [theta0]
    for s in range(max_steps):
        thetas[s + 1] = thetas[s] - learning_rate * gradient(thetas[s])
        if stop(thetas[s], thetas[s + 1], s + 1):
            break
    return thetas[-1]


def loop_forgets_to_move_on(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        new = theta - learning_rate * gradient(theta)
        if stop(theta, new, step):
            return new
    return new


# ------------------------------------------------------------------ converged


def rest_by_pythons_root(before, after, tau):
    return math.sqrt(sum((after - before) ** 2)) < tau


def rest_of_the_slide(before, after, tau):
    return after - before < tau


def rest_of_all(before, after, tau):
    return bool((after - before < tau).all())


def rest_by_an_if(before, after, tau):
    answer = False
    if after - before < tau:
        answer = True
    return answer


def rest_of_sizes(before, after, tau):
    return np.abs(after - before) < tau


def rest_of_the_largest(before, after, tau):
    return max(abs(after - before).ravel()) < tau


def rest_of_the_sum(before, after, tau):
    return abs(sum((after - before).ravel())) < tau


def rest_of_streets(before, after, tau):
    return np.abs(after - before).sum() < tau


def rest_of_the_mean(before, after, tau):
    return np.abs(before - after).mean() < tau


def rest_of_after(before, after, tau):
    return np.linalg.norm(after) < tau


def rest_of_lengths(before, after, tau):
    return abs(np.linalg.norm(after) - np.linalg.norm(before)) < tau


def rest_without_the_root(before, after, tau):
    return sum((after.ravel() - before.ravel()) ** 2) < tau


def rest_at_most(before, after, tau):
    return np.linalg.norm(after - before) <= tau


def rest_in_the_other_sense(before, after, tau):
    return np.linalg.norm(after - before) > tau


def rest_as_a_length(before, after, tau):
    return np.linalg.norm(after - before)


def rest_of_vectors(before, after, tau):
    change = after - before
    return math.sqrt(change @ change) < tau


def rest_by_rows(before, after, tau):
    return np.linalg.norm(after - before, axis=0) < tau


def rest_by_pythons_norm(before, after, tau):
    return norm(after - before) < tau  # noqa: F821


def rest_always(before, after, tau):
    return True


def rest_of_the_library(before, after, tau):
    return ll.converged(before, after, tau)


def rest_in_words(before, after, tau):
    return "yes" if np.linalg.norm(after - before) < tau else "no"


def rest_of_numbers(before, after, tau):
    return int(np.linalg.norm(after - before) < tau)


def rest_of_the_root_of_sizes(before, after, tau):
    return np.sqrt(np.sum(np.abs(after - before))) < tau


# ------------------------------------------------------------------ early_stopping


def kept_at_the_stop(dev_losses, patience):
    best, bad = float("inf"), 0
    for i, loss in enumerate(dev_losses):
        if loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if bad >= patience:
            return i
    return len(dev_losses) - 1


def kept_of_all(dev_losses, patience):
    return np.argmin(dev_losses)


def kept_by_index(dev_losses, patience):
    return dev_losses.index(min(dev_losses))


def kept_with_ties(dev_losses, patience):
    best = 0
    for i in range(len(dev_losses)):
        if dev_losses[i] <= dev_losses[best]:
            best = i
        elif i - best >= patience:
            break
    return best


def kept_too_late(dev_losses, patience):
    best = 0
    for i, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = i
        if i - best > patience:
            break
    return best


def kept_too_soon(dev_losses, patience):
    best, bad = 0, 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best, bad = i, 0
        else:
            bad += 1
        if bad == patience - 1:
            break
    return best


def kept_without_setting_back(dev_losses, patience):
    best, bad = 0, 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best = i
        else:
            bad += 1
            if bad == patience:
                break
    return best


def kept_beside_the_last(dev_losses, patience):
    best, bad = 0, 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[i - 1]:
            best, bad = i, 0
        else:
            bad += 1
        if bad == patience:
            break
    return best


def kept_counted_from_1(dev_losses, patience):
    best = 0
    for i, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = i
        if i - best == patience:
            break
    return best + 1


def kept_loss(dev_losses, patience):
    best, bad = dev_losses[0], 0
    for loss in dev_losses[1:]:
        if loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if bad == patience:
            break
    return best


def kept_by_the_losses(dev_losses, patience):
    best, bad = 0, 0
    for i in dev_losses:
        if dev_losses[i] < dev_losses[best]:
            best, bad = i, 0
        else:
            bad += 1
        if bad == patience:
            break
    return best


def kept_or_nothing(dev_losses, patience):
    best = 0
    for i, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = i
        if i - best == patience:
            return best


def kept_or_the_last(dev_losses, patience):
    best = 0
    for i, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = i
        if i - best == patience:
            return best
    return len(dev_losses) - 1


def kept_argmin_of_a_list(dev_losses, patience):
    return dev_losses.argmin()


def kept_by_the_library(dev_losses, patience):
    return ll.early_stopping(dev_losses, patience)


def kept_eats_the_list(dev_losses, patience):
    best, place, i, bad = dev_losses[0], 0, 0, 0
    while dev_losses and bad < patience:
        loss = dev_losses.pop(0)
        bad = 0 if i == 0 or loss < best else bad + 1
        if loss < best:
            best, place = loss, i
        i += 1
    return place


def kept_with_the_first_as_a_bad_one(dev_losses, patience):
    best, bad = 0, 0
    for i in range(len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best, bad = i, 0
        else:
            bad += 1
            if bad >= patience:
                return best
    return best


def kept_by_rises_in_a_row(dev_losses, patience):
    rises = 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] > dev_losses[i - 1]:
            rises += 1
            if rises == patience:
                return i - patience
        else:
            rises = 0
    return len(dev_losses) - 1


def kept_by_going_back(dev_losses, patience):
    best, waited = math.inf, 0
    for i, loss in enumerate(dev_losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return i - patience
    return i - patience


def kept_at_the_first_rise(dev_losses, patience):
    for i in range(1, len(dev_losses)):
        if dev_losses[i] > dev_losses[i - 1]:
            return i - 1
    return len(dev_losses) - 1


def kept_as_text(dev_losses, patience):
    return str(int(np.argmin(dev_losses)))


WRONG = {
    "gradient_descent": [
        (loop_of_the_slide, 2, "one step old", "returns theta before the last update"),
        (loop_of_the_slide_from_0, 2, "is 0 after the first update", "returns theta before the last update"),
        (loop_counts_before_it_asks_twice, 1, "one step less than max_steps", "a step too few"),
        (loop_with_the_first_gradient, 1, "gradient of the first place", "gradient always at theta0"),
        (loop_in_place, 1, "no difference between before and after", "the same array twice"),
        (loop_in_place_with_a_copy_of_before, 3, "-= writes into the very array", "changes theta0"),
        (loop_does_not_ask_at_the_end, 2, "asked stop 3 times; 4 times", "not asked after the last update"),
        (loop_ends_before_it_asks, 2, "asked stop 3 times; 4 times", "not asked after the last update"),
        (loop_asks_at_its_top, 2, "asked stop 3 times; 4 times", "not asked after the last update"),
        (loop_asks_twice, 2, "asked stop 5 times; 3 times was", "asked twice after an update"),
        (loop_asks_and_looks, 2, "asked stop twice; once was expected", "asked twice after an update"),
        (loop_without_stop, 2, "whatever stop says", "never asks stop"),
        (loop_asks_and_ignores, 2, "whatever stop says", "never asks stop"),
        (loop_returns_in_the_first_turn, 0, "ends after one step", "one step alone"),
        (loop_returns_in_the_loop_under_a_break, 0, "is at its end, with θ after", "returns within the loop"),
        (loop_returns_where_it_should_go_on, 0, "is at its end, with θ after", "returns within the loop"),
        (loop_until_stop_alone, 3, "your loop has no end", "max_steps is not looked at"),
        (loop_forgets_to_count, 1, "stays the same", "the step is not counted"),
        (loop_with_the_slides_letters, 0, "Python does not know eta", "the rate called eta"),
        (loop_stops_without_arguments, 0, "stop takes three arguments", "stop with too few arguments"),
        (loop_each_coordinate, 1, "one after the other", "coordinate after coordinate"),
        (loop_gathers_gradients, 1, "all steps before it", "gradients pile up"),
        (loop_prints_the_gradient, 1, "called twice in a step", "two gradients a step"),
        (loop_returns_the_gradient, 1, "What you return is a gradient", "returns the gradient"),
        (loop_while_stop_is_not_called, 0, "does the loop make no turn at all?", "returns theta0"),
        (loop_in_a_list, 0, "all places on the way", "the whole way"),
        (loop_of_the_library, 0, "ll.gradient_descent", "the library's own answer"),
        (loop_prints_theta, 0, "Does it end with return?", None),
        (loop_asks_before_the_update, 2, "asked before the update", "asked before the update"),
        (loop_twice_as_fast, 0, "twice as long", "a step twice as long"),
        (loop_behind_the_lists_end, 0, "How does a list become longer?", "a list that is too short"),
        (loop_forgets_to_move_on, 1, "begins at theta0 again", "starts from theta0 at every step"),
        (loop_asks_for_half_precision, 0, "was expected", None),
    ],
    "converged": [
        (rest_of_the_slide, 0, "below every τ", "no norm"),
        (rest_of_all, 0, "below every τ", "no norm"),
        (rest_by_an_if, 0, "An if needs one True or False", "an if on an array"),
        (rest_of_sizes, 0, "whether it came to rest", "one answer for each number"),
        (rest_of_the_largest, 0, "largest coordinate alone", "the largest coordinate"),
        (rest_of_the_sum, 0, "+1 and −1 make 0", "opposites cancel"),
        (rest_of_streets, 0, "along the axes", "the sum of the sizes"),
        (rest_of_the_mean, 0, "number of coordinates", "the mean for the norm"),
        (rest_of_after, 0, "whether they still move", "norm of after"),
        (rest_of_lengths, 0, "keeps its length", "difference of two norms"),
        (rest_without_the_root, 0, "what is missing", "no root"),
        (rest_at_most, 0, "exactly as long as τ", "not strictly"),
        (rest_in_the_other_sense, 0, "still move far", "the other way round"),
        (rest_as_a_length, 0, "which sign asks that", "the length, not the answer"),
        (rest_of_vectors, 1, "a product of matrices", "only vectors"),
        (rest_by_rows, 1, "for each row or column", "lengths along one axis"),
        (rest_by_pythons_norm, 0, "Python does not know norm", "norm without numpy"),
        (rest_by_pythons_root, 1, "What makes one number of all changes", "float of an array"),
        (rest_always, 0, "the same for every input", None),
        (rest_of_the_library, 0, "ll.converged", "the library's own answer"),
        (rest_of_the_root_of_sizes, 0, "take the root of that", "the root of the sizes"),
        (rest_in_words, 0, "True or False was expected", None),
        (rest_of_numbers, 0, "You return 1 and 0", "1 and 0 for True and False"),
    ],
    "early_stopping": [
        (kept_at_the_stop, 0, "at which training stops", "where it stopped, not the best"),
        (kept_of_all, 1, "has anybody seen", "global minimum though training had stopped"),
        (kept_by_index, 1, "has anybody seen", "global minimum though training had stopped"),
        (kept_with_ties, 0, "Is it lower?", "a tie counts as better"),
        (kept_too_late, 1, "one evaluation more", "patience one too long"),
        (kept_too_soon, 0, "one evaluation earlier", "patience one too short"),
        (kept_without_setting_back, 1, "should be in a row", "the counter is never set back"),
        (kept_beside_the_last, 0, "the one before it", "compared with the one before"),
        (kept_counted_from_1, 0, "one more than", "the evaluation after the best"),
        (kept_loss, 0, "the loss itself", "the loss, not its place"),
        (kept_by_the_losses, 0, "no place in", "the losses as numbers of entries"),
        (kept_or_nothing, 1, "gave None", None),
        (kept_or_the_last, 1, "whenever the list", "at the end the last one"),
        (kept_argmin_of_a_list, 0, "A list has no argmin", "argmin of a list"),
        (kept_by_the_library, 0, "ll.early_stopping", "the library's own answer"),
        (kept_with_the_first_as_a_bad_one, 0, "the first one counts", "the first counts as no new best"),
        (kept_by_rises_in_a_row, 0, "rises in a row, as in the worked", "counts rises in a row"),
        (kept_by_going_back, 1, "gave 1; 3 was expected", "patience taken away when the list ends"),
        (kept_at_the_first_rise, 0, "above the one before ends it", "a loss above the one before ends it"),
        (kept_as_text, 0, "(a text); a whole number was expected", None),
        (kept_eats_the_list, 0, "changed its argument dev_losses", None),
    ],
}
