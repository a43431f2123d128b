// Shows what is asked of a problem only where there is one; without this script it is always there.
const problem = document.getElementById("problem");
const answers = document.querySelectorAll('input[name="has_problem"]');
const show = () => {
  problem.hidden = document.querySelector('input[name="has_problem"]:checked')?.value !== "yes";
};
answers.forEach((each) => each.addEventListener("change", show));
show();
