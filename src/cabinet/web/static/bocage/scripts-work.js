// Read before anything is drawn, as a plain script of the head: what scripts open and close is drawn closed at once.
document.documentElement.classList.add("bo-js");
